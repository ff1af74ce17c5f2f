import { choice, integer, number } from '../../permit/argument-rule.js'
import type { ServerKind } from '../server-kind.js'
import { lastFigure, lastMatch, told } from '../told.js'
import type { Told } from '../told.js'

const usualBatch = 2048

/** Each captured size has a line of its own. */
function captured(lines: readonly string[]): Told['captureSizes'] {
  const found = lines.flatMap((line) => {
    const size = /generation[- ]only CUDA graph warmup for batch size=(\d+)/.exec(line)?.[1]
    return size === undefined ? [] : [Number(size)]
  })
  return found.length === 0 ? undefined : [...new Set(found)].sort((a, b) => a - b)
}

/**
 * TensorRT-LLM (`trtllm-serve`). Its log: `TensorRT LLM version: 1.0.0`, `Allocated 26.91 GiB for max
 * tokens in paged KV cache (220480)`, `max_seq_len=131072, max_num_requests=2048`. No request empties
 * its cache of blocks; block reuse is turned off by an options file among the agent’s `fixed_args`.
 */
export const trtllm: ServerKind = {
  kind: 'trtllm',
  launch: ['serve'],
  apis: ['completions', 'chat'],
  rules: {
    max_batch_size: integer(1, 65_536),
    max_num_tokens: integer(1, 1_048_576),
    max_seq_len: integer(1, 10_485_760),
    max_beam_width: integer(1, 64),
    kv_cache_free_gpu_memory_fraction: number(0.05, 0.99),
    backend: choice('pytorch', 'trt', '_autodeploy'),
  },
  commandLine({ model, port, tensorParallel, demand, given }) {
    return [
      model,
      ...['--host', '127.0.0.1', '--port', String(port)],
      ...['--tp_size', String(tensorParallel)],
      ...(given.has('max_seq_len') ? [] : ['--max_seq_len', String(demand.maxContextTokens)]),
      ...(given.has('max_batch_size') || demand.maxLoad <= usualBatch
        ? []
        : ['--max_batch_size', String(Math.ceil(demand.maxLoad))]),
    ]
  },
  readLog(lines) {
    return told({
      version: lastMatch(lines, /TensorRT[- ]LLM version:? (\d\S*)/),
      kvCapacityTokens: lastFigure(lines, /for max tokens in paged KV cache \((\d+)\)/),
      maxContextTokens: lastFigure(lines, /\bmax_seq_len=(\d+), max_num_requests/),
      captureSizes: captured(lines),
    })
  },
  async ask(client) {
    const answer = await client.json('/version')
    return typeof answer?.version === 'string' ? { version: answer.version } : {}
  },
  resetCache: () => Promise.resolve(false),
}
