import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endWords, faultIn } from '../../../../../agent/engine/server/diagnosis.js'

/** Lines as the engines write them. */
const lines: readonly [fault: string, code: string, line: string][] = [
  [
    'device memory',
    'CONFIGURATION_INFEASIBLE',
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 896.00 MiB.',
  ],
  ['device memory', 'CONFIGURATION_INFEASIBLE', 'torch.cuda.OutOfMemoryError: HIP out of memory.'],
  [
    'device memory',
    'CONFIGURATION_INFEASIBLE',
    'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9216.00 MiB on device 0: cudaMalloc failed: out of memory',
  ],
  [
    'device memory',
    'CONFIGURATION_INFEASIBLE',
    'ValueError: Free memory on device (10.1/79.19 GiB) on startup is less than desired GPU memory utilization (0.9, 71.27 GiB).',
  ],
  [
    'key-value cache',
    'CONFIGURATION_INFEASIBLE',
    'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.',
  ],
  [
    'key-value cache',
    'CONFIGURATION_INFEASIBLE',
    "ValueError: The model's max seq len (131072) is larger than the maximum number of tokens that can be stored in KV cache (22176).",
  ],
  [
    'key-value cache',
    'CONFIGURATION_INFEASIBLE',
    'To serve at least one request with max seq len (131072), 16.00 GiB KV cache is needed, which is larger than the available KV cache memory (11.2 GiB).',
  ],
  [
    'key-value cache',
    'CONFIGURATION_INFEASIBLE',
    'RuntimeError: Not enough memory. Please try to increase --mem-fraction-static.',
  ],
  [
    'key-value cache',
    'CONFIGURATION_INFEASIBLE',
    'llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache',
  ],
  [
    'key-value cache',
    'CONFIGURATION_INFEASIBLE',
    'Not enough memory to handle 4096 prefill tokens. You need to decrease `--max-batch-prefill-tokens`',
  ],
  [
    'context too long',
    'CONFIGURATION_INFEASIBLE',
    'ValueError: User-specified max_model_len (65536) is greater than the derived max_model_len (max_position_embeddings=32768).',
  ],
  [
    'host memory',
    'CONFIGURATION_INFEASIBLE',
    'ggml_aligned_malloc: insufficient memory (attempted to allocate 195312.50 MB)',
  ],
  [
    'cannot be split',
    'CONFIGURATION_INFEASIBLE',
    'Total number of attention heads (32) must be divisible by tensor parallel size (3).',
  ],
  [
    'too few devices',
    'CONFIGURATION_INFEASIBLE',
    'ValueError: The number of required GPUs exceeds the total number of available GPUs in the placement group.',
  ],
  [
    'model',
    'MODEL_INVALID',
    "OSError: org/none is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'",
  ],
  ['model', 'MODEL_INVALID', 'huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error.'],
  ['model', 'MODEL_INVALID', "srv    load_model: failed to load model, '/nope.gguf'"],
  ['port in use', 'ENGINE_FAILED', 'OSError: [Errno 98] Address already in use'],
  [
    'port in use',
    'ENGINE_FAILED',
    "srv start: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 18098",
  ],
  ['arguments', 'SWEEP_INVALID', 'vllm: error: unrecognized arguments: --frobnicate'],
  ['arguments', 'SWEEP_INVALID', 'error: invalid argument: --frobnicate'],
  ['arguments', 'SWEEP_INVALID', 'error while handling argument "--threads": invalid value'],
  ['no device', 'ENGINE_FAILED', 'RuntimeError: No CUDA GPUs are available'],
  [
    'device fault',
    'ENGINE_FAILED',
    'RuntimeError: CUDA error: an illegal memory access was encountered',
  ],
  [
    'device fault',
    'ENGINE_FAILED',
    '0.58.749.713 E CUDA error: an illegal instruction was encountered',
  ],
  ['device fault', 'ENGINE_FAILED', 'RuntimeError: HIP error: unspecified launch failure'],
  [
    'assertion',
    'ENGINE_FAILED',
    '/src/ggml/src/ggml.c:3218: GGML_ASSERT(ggml_can_mul_mat(a, b)) failed',
  ],
  [
    'assertion',
    'ENGINE_FAILED',
    "python3: Allocator.cpp:52: int Reg::id() const: Assertion `n < size()' failed.",
  ],
  ['assertion', 'ENGINE_FAILED', 'what():  vector::_M_range_check: __n (which is 4) >= size()'],
  [
    'communication',
    'ENGINE_FAILED',
    'torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:3384',
  ],
]

describe('the cause in a log', () => {
  it.each(lines)('is %s: %s', (fault, code, line) => {
    const found = faultIn([
      'INFO loading weights',
      `  ${line}`,
      'Traceback (most recent call last):',
    ])
    expect(found).toEqual({ fault, code, line })
  })

  it.each([
    'INFO GPU KV cache size: 421,232 tokens',
    '[TensorRT-LLM][INFO] [MemUsageChange] Allocated 26.91 GiB for max tokens in paged KV cache (220480).',
    '[TRT-LLM] [W] insufficient GPU memory for CUDA graphs, capturing fewer batch sizes',
    'Memory usage when loading weights: 3.21 GiB',
    'llama_context: n_ctx_seq (200000000) > n_ctx_train (32768) -- possible training context overflow',
  ])('is not %j', (line) => expect(faultIn([line])).toBeUndefined())

  it('is what came before what followed from it', () => {
    const found = faultIn([
      'RuntimeError: NCCL error',
      'torch.OutOfMemoryError: CUDA out of memory.',
    ])
    expect(found?.fault).toBe('device memory')
  })

  it('is looked for in any text, and quoted in bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2000 })), (texts) => {
        expect((faultIn(texts)?.line ?? '').length).toBeLessThanOrEqual(400)
      }),
    )
  })
})

describe('the end of a process', () => {
  it.each([
    [0, null, 'exited with code 0'],
    [1, null, 'exited with code 1'],
    [137, null, 'exited with code 137 (somebody killed it; the kernel does, when memory runs out)'],
    [139, null, 'exited with code 139 (it crashed: SIGSEGV)'],
    [null, 'SIGABRT', 'was killed by SIGABRT (it crashed: SIGABRT)'],
    [null, 'SIGTERM', 'was killed by SIGTERM'],
  ])('with code %s and signal %s is told in words', (code, signal, words) => {
    expect(endWords({ code, signal, asked: false })).toBe(words)
  })
})
