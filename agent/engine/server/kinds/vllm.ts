import { choice, integer, number, toggle } from '../../permit/argument-rule.js'
import type { ServerKind } from '../server-kind.js'
import { lastFigure, lastMatch, sizes, told } from '../told.js'

/** Requests that vLLM runs at once unless told otherwise. */
const usualSequences = 256

/**
 * vLLM (`vllm serve`). Its log: `vLLM API server version 0.10.1`, `GPU KV cache size: 421,232 tokens`,
 * the engine’s configuration with `'cudagraph_capture_sizes': [512, 504, …]`.
 */
export const vllm: ServerKind = {
  kind: 'vllm',
  launch: ['serve'],
  apis: ['completions', 'chat'],
  rules: {
    'max-num-seqs': integer(1, 8192),
    'max-num-batched-tokens': integer(1, 1_048_576),
    'max-model-len': integer(1, 10_485_760),
    'gpu-memory-utilization': number(0.05, 0.99),
    'block-size': choice('1', '8', '16', '32', '64', '128'),
    dtype: choice('auto', 'half', 'float16', 'bfloat16', 'float', 'float32'),
    'kv-cache-dtype': choice('auto', 'fp8', 'fp8_e4m3', 'fp8_e5m2'),
    quantization: choice(
      'fp8',
      'awq',
      'awq_marlin',
      'gptq',
      'gptq_marlin',
      'modelopt',
      'bitsandbytes',
    ),
    'load-format': choice('auto', 'safetensors', 'dummy'),
    'enforce-eager': toggle(),
    'enable-prefix-caching': toggle('--no-enable-prefix-caching'),
    'enable-chunked-prefill': toggle('--no-enable-chunked-prefill'),
    'enable-expert-parallel': toggle(),
    'async-scheduling': toggle('--no-async-scheduling'),
    'scheduling-policy': choice('fcfs', 'priority'),
    'swap-space': number(0, 1024),
    'cpu-offload-gb': number(0, 1024),
    seed: integer(0, 2 ** 31 - 1),
  },
  // Opens /reset_prefix_cache, which only loopback can reach here.
  env: { VLLM_SERVER_DEV_MODE: '1' },
  commandLine({ model, servedName, port, tensorParallel, demand, given }) {
    const sequences = Math.max(usualSequences, Math.ceil(demand.maxLoad))
    return [
      model,
      ...['--served-model-name', servedName],
      ...['--host', '127.0.0.1', '--port', String(port)],
      ...['--tensor-parallel-size', String(tensorParallel)],
      ...(given.has('max-model-len') ? [] : ['--max-model-len', String(demand.maxContextTokens)]),
      ...(given.has('max-num-seqs') ? [] : ['--max-num-seqs', String(sequences)]),
    ]
  },
  readLog(lines) {
    const blocks = lastFigure(lines, /# (?:GPU|cuda) blocks: ([\d,]+)/)
    const blockSize = lastFigure(lines, /block_size=(\d+)/) ?? 16
    const eager = lines.some((line) => /enforce_eager['"]?[=:]\s*True/.test(line))
    const kvDtype = lastMatch(lines, /kv_cache_dtype=['"]?([\w.]+)/)
    return told({
      version: lastMatch(lines, /vLLM API server version (\S+)/),
      kvCapacityTokens:
        lastFigure(lines, /GPU KV cache size: ([\d,]+) tokens/) ??
        (blocks === undefined ? undefined : blocks * blockSize),
      maxContextTokens: lastFigure(lines, /max_(?:seq|model)_len['"]?[=:]\s*(\d+)/),
      captureSizes: eager
        ? []
        : sizes(lastMatch(lines, /cudagraph_capture_sizes['"]?\s*[=:]\s*\[([\d,\s]*)\]/)),
      args: kvDtype === undefined ? undefined : { kv_cache_dtype: kvDtype },
    })
  },
  async ask(client) {
    const answer = await client.json('/version')
    return typeof answer?.version === 'string' ? { version: answer.version } : {}
  },
  async resetCache(client) {
    return (await client.post('/reset_prefix_cache', {})).status === 200
  },
}
