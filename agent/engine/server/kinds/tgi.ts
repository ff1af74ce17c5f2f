import { choice, integer, number } from '../../permit/argument-rule.js'
import type { ServerKind } from '../server-kind.js'
import { lastFigure, lastMatch, sizes, told } from '../told.js'

/** It takes text only, whose length may be off by a begin token. */
const contextMargin = 8
/** What TGI allows at once, and evaluates of prompts in one step, unless told otherwise. */
const usualRequests = 128
const usualPrefillTokens = 4096

/**
 * Hugging Face’s text-generation-inference (`text-generation-launcher`). Its log: `Setting max batch
 * total tokens to 133696`, `Cuda Graphs are enabled for sizes [1, 2, 4, 8, 16, 32]`. It takes no
 * token ids, and no request empties its prefix cache.
 */
export const tgi: ServerKind = {
  kind: 'tgi',
  launch: [],
  apis: ['completions', 'chat'],
  rules: {
    'max-concurrent-requests': integer(1, 65_536),
    'max-batch-size': integer(1, 65_536),
    'max-batch-prefill-tokens': integer(1, 1_048_576),
    'max-batch-total-tokens': integer(1, 100_000_000),
    'max-waiting-tokens': integer(0, 10_000),
    'waiting-served-ratio': number(0, 100),
    'cuda-memory-fraction': number(0.05, 1),
    dtype: choice('float16', 'bfloat16'),
    'kv-cache-dtype': choice('fp8_e4m3fn', 'fp8_e5m2'),
    quantize: choice('fp8', 'awq', 'gptq', 'marlin', 'eetq', 'exl2', 'bitsandbytes'),
    'max-input-tokens': integer(1, 10_485_760),
    'max-total-tokens': integer(1, 10_485_760),
  },
  commandLine({ model, port, tensorParallel, demand, given }) {
    const context = demand.maxContextTokens + contextMargin
    const unless = (name: string, value: number) =>
      given.has(name) ? [] : [`--${name}`, String(value)]
    return [
      ...['--model-id', model],
      ...['--hostname', '127.0.0.1', '--port', String(port)],
      ...['--num-shard', String(tensorParallel)],
      ...unless('max-total-tokens', context),
      ...unless('max-input-tokens', context - 1),
      ...unless('max-batch-prefill-tokens', Math.max(usualPrefillTokens, context)),
      ...unless('max-concurrent-requests', Math.max(usualRequests, Math.ceil(demand.maxLoad))),
    ]
  },
  readLog(lines) {
    return told({
      kvCapacityTokens: lastFigure(lines, /Setting max batch total tokens to (\d+)/),
      captureSizes: sizes(
        lastMatch(
          lines,
          /(?:Cuda Graphs are enabled for sizes|Using default cuda graphs) \[([\d,\s]*)\]/i,
        ),
      ),
    })
  },
  async ask(client) {
    const info = await client.json('/info')
    if (info === undefined) return {}
    const { version, max_total_tokens: context, max_input_tokens: input } = info
    return told({
      version: typeof version === 'string' ? version : undefined,
      maxContextTokens: typeof context === 'number' ? context : undefined,
      args: typeof input === 'number' ? { max_input_tokens: input } : undefined,
    })
  },
  resetCache: () => Promise.resolve(false),
}
