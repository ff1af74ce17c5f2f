import { z } from 'zod'
import { FmworkError } from '../../../shared/domain/errors.js'
import { systemClock } from '../../../shared/process/clock.js'
import { runChild } from '../process/child-main.js'
import type { ChildEngine } from '../process/child-main.js'
import { startOpenAiServer } from '../serving/openai-server.js'
import { loadLlamaBackend } from './llama-backend.js'
import { memoryNeed } from './model/memory-need.js'
import { resolveModel } from './model/resolve-model.js'
import type { ResolvedModel } from './model/resolve-model.js'

const settingsSchema = z.strictObject({
  model: z.string(),
  cacheFolder: z.string(),
  slots: z.int().positive(),
  contextTokens: z.int().positive(),
  /** Prompt plus output of the longest request: `contextTokens` is this, rounded up. */
  longestRequest: z.int().positive(),
  gpu: z.boolean(),
  args: z.strictObject({
    batch_size: z.int().positive(),
    flash_attention: z.boolean(),
    gather_ms: z.number().nonnegative(),
    threads: z.int().positive(),
  }),
})

type Settings = z.infer<typeof settingsSchema>

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`

/** Refuses what would not fit, before llama.cpp takes the machine down with it. */
function guardMemory(model: ResolvedModel, { slots, contextTokens, args, gpu }: Settings): void {
  if (gpu) return
  const need = memoryNeed(model.header, {
    slots,
    contextTokens,
    batchTokens: args.batch_size,
    flashAttention: args.flash_attention,
  })
  const free = process.availableMemory()
  if (need === undefined || need <= free) return
  throw new FmworkError(
    'CONFIGURATION_INFEASIBLE',
    `${slots} sequences of ${contextTokens} tokens on ${model.name} need about ${gigabytes(need)}, ` +
      `${gigabytes(free)} of memory are available`,
  )
}

/** A model says little beyond the context it was trained for, and llama.cpp only warns. */
function guardContext(model: ResolvedModel, longestRequest: number): void {
  const trained = model.header.metadata.get(`${model.header.architecture}.context_length`)
  if (typeof trained !== 'number' || longestRequest <= trained) return
  throw new FmworkError(
    'CONFIGURATION_INFEASIBLE',
    `requests of ${longestRequest} tokens: the context of ${model.name} has ${trained}`,
  )
}

async function start(given: unknown): Promise<ChildEngine> {
  const settings = settingsSchema.parse(given)
  const model = await resolveModel(settings.model, settings.cacheFolder)
  guardContext(model, settings.longestRequest)
  guardMemory(model, settings)
  const backend = await loadLlamaBackend({ ...settings, model, clock: systemClock })
  const server = await startOpenAiServer({ backend, clock: systemClock })
  return {
    ready: {
      port: server.port,
      model: backend.model,
      promptTokenRange: backend.promptTokenRange,
      facts: {
        kind: 'embedded',
        version: backend.version,
        effectiveArgs: {
          ...settings.args,
          slots: settings.slots,
          context_tokens: backend.maxContextTokens,
          gpu: backend.gpu,
          model_file_bytes: model.header.fileBytes,
          cpu_features: backend.systemInfo,
        },
        kvCapacityTokens: settings.slots * backend.maxContextTokens,
        maxContextTokens: backend.maxContextTokens,
      },
    },
    close: () => server.close(),
  }
}

await runChild(start)
