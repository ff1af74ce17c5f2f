import { describe, expect, it } from 'vitest'
import { serverKinds } from '../../../../../agent/engine/server/kinds/kinds.js'
import type { LaunchOrder } from '../../../../../agent/engine/server/server-kind.js'

function order(maxLoad: number, given: readonly string[] = []): LaunchOrder {
  const block = { model: 'm', engine: 'x', engineArgs: {}, hardware: 'H100', tensorParallel: 2 }
  return {
    model: '/models/m',
    servedName: 'm',
    port: 8000,
    tensorParallel: 2,
    demand: { block, maxLoad, maxContextTokens: 1000 },
    given: new Set(given),
    workFolder: '/work',
  }
}

describe('logs of other versions', () => {
  it('vLLM’s first engine counts blocks', () => {
    const told = serverKinds.vllm.readLog([
      'INFO 09-26 18:39:53 llm_engine.py:184] Initializing an LLM engine (v0.5.4) with config: max_seq_len=4096, kv_cache_dtype=auto, enforce_eager=True',
      'INFO 09-26 18:40:01 gpu_executor.py:102] # GPU blocks: 27896, # CPU blocks: 2048',
    ])
    expect(told).toEqual({
      kvCapacityTokens: 27_896 * 16,
      maxContextTokens: 4096,
      captureSizes: [],
      args: { kv_cache_dtype: 'auto' },
    })
  })

  it('TensorRT-LLM captures size by size, with or without a hyphen', () => {
    const { captureSizes } = serverKinds.trtllm.readLog([
      '[I] Run generation only CUDA graph warmup for batch size=8',
      '[I] Run generation-only CUDA graph warmup for batch size=1, draft_len=0',
      '[I] Run generation-only CUDA graph warmup for batch size=8, draft_len=0',
    ])
    expect(captureSizes).toEqual([1, 8])
  })

  it.each([
    ["n_slots = 48, n_ctx_slot = 1536, kv_unified = 'false'", 48 * 1536],
    ["n_slots = 48, n_ctx_slot = 73728, kv_unified = 'true'", 73_728],
  ])('llama-server’s slots have a cache each or share one: %s', (words, kvCapacityTokens) => {
    const line = `0.01.526.783 I srv    load_model: initializing, ${words}`
    expect(serverKinds['llama-server'].readLog([line])).toMatchObject({ kvCapacityTokens })
  })

  it.each(Object.values(serverKinds))(
    'say nothing where there is nothing to read: $kind',
    (kind) => {
      expect(kind.readLog([])).toEqual({})
      expect(
        kind.readLog(['', 'cudagraph_capture_sizes: []', 'Capture cuda graph bs [oops]']),
      ).toEqual({})
    },
  )
})

describe('a command line', () => {
  it.each(Object.values(serverKinds))('listens on loopback only: $kind', (kind) => {
    const line = kind.commandLine(order(4)).join(' ')
    expect(line).toMatch(/--host(name)? 127\.0\.0\.1 --port 8000/)
    expect(line).toContain('/models/m')
  })

  it('makes room for the largest load', () => {
    const { vllm, tgi, trtllm } = serverKinds
    const lineOf = (kind: (typeof serverKinds)['vllm'], load: number, given?: string[]) =>
      kind.commandLine(order(load, given)).join(' ')
    expect(lineOf(vllm, 4)).toContain('--max-num-seqs 256')
    expect(lineOf(vllm, 300.5)).toContain('--max-num-seqs 301')
    expect(lineOf(vllm, 300, ['max-num-seqs'])).not.toContain('--max-num-seqs')
    expect(lineOf(tgi, 500)).toContain('--max-concurrent-requests 500')
    expect(lineOf(trtllm, 64)).not.toContain('--max_batch_size')
    expect(lineOf(trtllm, 4096)).toContain('--max_batch_size 4096')
    expect(lineOf(serverKinds['llama-server'], 3)).toContain('--parallel 3 --ctx-size 3072')
  })
})
