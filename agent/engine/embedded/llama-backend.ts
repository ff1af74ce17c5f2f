import { getLlama, LlamaLogLevel } from 'node-llama-cpp'
import type { Llama, LlamaModel } from 'node-llama-cpp'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { Backend, ChatMessage, GenerationJob } from '../serving/backend.js'
import { Batcher } from './batcher.js'
import { nativeLayer } from './llama-bindings.js'
import type { NativeModel } from './llama-bindings.js'
import type { EmbeddedArgs } from './embedded-args.js'
import { TokenText } from './token-text.js'
import type { ResolvedModel } from './model/resolve-model.js'

export interface LlamaBackendOptions {
  readonly model: ResolvedModel
  readonly args: EmbeddedArgs
  readonly slots: number
  /** Per slot. */
  readonly contextTokens: number
  readonly gpu: boolean
  readonly clock: Clock
}

export interface LlamaBackend extends Backend {
  readonly version: string
  readonly systemInfo: string
  readonly gpu: string
  readonly promptTokenRange: readonly [number, number]
}

/** llama.cpp’s LLAMA_TOKEN_ATTR_NORMAL. */
const normalToken = 4

/** The longest run of ids that are ordinary text: any of them may stand in a prompt. */
export function longestNormalRun(
  vocabularySize: number,
  isNormal: (id: number) => boolean,
): [number, number] {
  let best: [number, number] = [0, 0]
  let start = 0
  for (let id = 0; id <= vocabularySize; id += 1) {
    if (id < vocabularySize && isNormal(id)) continue
    if (id - start > best[1] - best[0]) best = [start, id]
    start = id + 1
  }
  return best
}

function endTokens(model: NativeModel, vocabularySize: number): Uint32Array {
  const ids: number[] = []
  for (let id = 0; id < vocabularySize; id += 1) if (model.isEogToken(id)) ids.push(id)
  return Uint32Array.from(ids)
}

function logTo(stream: NodeJS.WritableStream) {
  return (level: LlamaLogLevel, message: string) => {
    stream.write(`llama.cpp ${level}: ${message.trimEnd()}\n`)
  }
}

async function load(llama: Llama, { path }: ResolvedModel): Promise<LlamaModel> {
  try {
    return await llama.loadModel({ modelPath: path, ignoreMemorySafetyChecks: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new FmworkError('MODEL_INVALID', `model ${path}: llama.cpp cannot load it: ${reason}`, {
      cause: error,
    })
  }
}

/** Loads a model into this process and makes it ready to serve. */
export async function loadLlamaBackend(options: LlamaBackendOptions): Promise<LlamaBackend> {
  const { args, slots, contextTokens } = options
  const llama = await getLlama({
    gpu: options.gpu ? 'auto' : false,
    build: 'never',
    skipDownload: true,
    maxThreads: args.threads,
    logLevel: LlamaLogLevel.warn,
    logger: logTo(process.stderr),
  })
  const loaded = await load(llama, options.model)
  const created = await loaded.createContext({
    contextSize: contextTokens,
    sequences: slots,
    batchSize: args.batch_size,
    flashAttention: args.flash_attention,
    threads: args.threads,
    ignoreMemorySafetyChecks: true,
    failedCreationRemedy: false,
  })
  const native = nativeLayer(llama, loaded, created)
  const vocabularySize = Number(options.model.header.metadata.get('tokenizer.ggml.tokens') ?? 0)
  const ends = endTokens(native.model, vocabularySize)
  const endSet = new Set(ends)
  const never = new Float32Array(ends.length).fill(-Infinity)
  const detokenize = (tokens: Uint32Array) => native.model.detokenize(tokens, false)

  const toolsFor = (job: GenerationJob) => {
    const sampler = new native.bindings.AddonSampler(native.model)
    const config = {
      temperature: job.temperature,
      ...(job.topP === undefined ? {} : { topP: job.topP }),
      ...(job.topK === undefined ? {} : { topK: job.topK }),
      ...(job.seed === undefined ? {} : { seed: job.seed >>> 0 }),
    }
    const barred = ends.length > 0 && (job.ignoreEos || job.minTokens > 0)
    sampler.applyConfig(
      barred ? { ...config, tokenBiasKeys: ends, tokenBiasValues: never } : config,
    )
    const last = job.promptTokens[job.promptTokens.length - 1] ?? native.model.tokenBos()
    return {
      sampler,
      text: new TokenText(detokenize, last),
      isEnd: (token: number) => endSet.has(token),
      allowEnd: () => sampler.applyConfig(config),
    }
  }

  const template = options.model.header.metadata.get('tokenizer.chat_template')
  const renderer = new native.bindings.AddonJinjaRenderer(
    typeof template === 'string' ? template : fallbackTemplate,
  )
  // llama.cpp raises the batch to the number of sequences, and rounds the context up.
  const batcher = new Batcher({
    context: native.context,
    slots,
    contextTokens: created.contextSize,
    batchTokens: created.batchSize,
    gatherSeconds: args.gather_ms / 1000,
    clock: options.clock,
    toolsFor,
  })
  return {
    model: options.model.name,
    maxContextTokens: created.contextSize,
    vocabularySize,
    version: `llama.cpp ${llama.llamaCppRelease.release} (${llama.buildType})`,
    systemInfo: llama.systemInfo.trim(),
    gpu: llama.gpu === false ? 'none' : llama.gpu,
    promptTokenRange: longestNormalRun(
      vocabularySize,
      (id) => (native.model.getTokenAttributes(id) & normalToken) !== 0 && !endSet.has(id),
    ),
    encode(text) {
      const tokens = native.model.tokenize(text, true)
      if (!native.model.shouldPrependBosToken()) return tokens
      const begin = native.model.tokenBos()
      return tokens[0] === begin ? tokens : Uint32Array.from([begin, ...tokens])
    },
    renderChat: (messages: readonly ChatMessage[]) =>
      renderer.render({ messages, add_generation_prompt: true, bos_token: '', eos_token: '' }),
    submit: (job, listener) => batcher.submit(job, listener),
    gauges: () => batcher.gauges(),
  }
}

/** For files that carry no chat template. */
const fallbackTemplate =
  "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}{{ 'assistant: ' }}"
