import type { Scalar } from '../../../../shared/domain/configuration.js'
import { choice, integer, number, toggle } from '../../permit/argument-rule.js'
import type { ServerKind } from '../server-kind.js'
import { lastFigure, lastMatch, sizes, told } from '../told.js'

/** It keeps some of its context for itself. */
const contextMargin = 8

/** Arguments worth a record, of the hundreds that SGLang tells. */
const recorded = [
  'attention_backend',
  'chunked_prefill_size',
  'cuda_graph_max_bs',
  'disable_radix_cache',
  'dtype',
  'kv_cache_dtype',
  'max_running_requests',
  'mem_fraction_static',
  'quantization',
  'sampling_backend',
  'schedule_policy',
]

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/**
 * SGLang (`python -m sglang.launch_server`). Its log: `max_total_num_tokens=433123, …
 * context_len=131072`, `Capture cuda graph bs [1, 2, 4, …]`.
 */
export const sglang: ServerKind = {
  kind: 'sglang',
  launch: ['-m', 'sglang.launch_server'],
  apis: ['completions', 'chat'],
  rules: {
    'max-running-requests': integer(1, 16_384),
    'max-total-tokens': integer(1, 100_000_000),
    'max-prefill-tokens': integer(1, 1_048_576),
    'chunked-prefill-size': integer(-1, 1_048_576),
    'context-length': integer(1, 10_485_760),
    'mem-fraction-static': number(0.05, 0.99),
    'cuda-graph-max-bs': integer(1, 4096),
    'disable-cuda-graph': toggle(),
    'disable-radix-cache': toggle(),
    'enable-torch-compile': toggle(),
    'enable-mixed-chunk': toggle(),
    'schedule-policy': choice('lpm', 'random', 'fcfs', 'dfs-weight'),
    'schedule-conservativeness': number(0, 10),
    'attention-backend': choice('flashinfer', 'triton', 'torch_native', 'fa3', 'flashmla'),
    dtype: choice('auto', 'half', 'float16', 'bfloat16', 'float', 'float32'),
    'kv-cache-dtype': choice('auto', 'fp8_e5m2', 'fp8_e4m3'),
    quantization: choice(
      'fp8',
      'awq',
      'gptq',
      'awq_marlin',
      'gptq_marlin',
      'modelopt',
      'w8a8_int8',
    ),
    'load-format': choice('auto', 'safetensors', 'dummy'),
    'random-seed': integer(0, 2 ** 31 - 1),
  },
  commandLine({ model, servedName, port, tensorParallel, demand, given }) {
    return [
      ...['--model-path', model, '--served-model-name', servedName],
      ...['--host', '127.0.0.1', '--port', String(port)],
      ...['--tp-size', String(tensorParallel)],
      ...(given.has('context-length')
        ? []
        : ['--context-length', String(demand.maxContextTokens + contextMargin)]),
    ]
  },
  readLog(lines) {
    return told({
      kvCapacityTokens: lastFigure(lines, /\bmax_total_num_tokens=(\d+)/),
      maxContextTokens: lastFigure(lines, /\bcontext_len=(\d+)/),
      captureSizes: lines.some((line) => line.includes('disable_cuda_graph=True'))
        ? []
        : sizes(lastMatch(lines, /Capture cuda graph bs \[([\d,\s]*)\]/)),
    })
  },
  async ask(client) {
    const info = (await client.json('/get_server_info')) ?? (await client.json('/server_info'))
    if (info === undefined) return {}
    const args = recorded.flatMap((name) => {
      const value = info[name]
      return isScalar(value) ? [[name, value] as const] : []
    })
    return told({
      version: typeof info.version === 'string' ? info.version : undefined,
      args: Object.fromEntries(args),
    })
  },
  async resetCache(client) {
    return (await client.post('/flush_cache', {})).status === 200
  },
}
