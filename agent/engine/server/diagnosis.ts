import type { ErrorCode } from '../../../shared/domain/error-table.js'
import type { ProcessEnd } from '../keeper/kept-process.js'

/** What a log line gives away about why a server does not, or no longer, serve. */
export type FaultName =
  | 'device memory'
  | 'key-value cache'
  | 'context too long'
  | 'cannot be split'
  | 'too few devices'
  | 'host memory'
  | 'model'
  | 'port in use'
  | 'arguments'
  | 'no device'
  | 'device fault'
  | 'communication'
  | 'assertion'

interface Row {
  readonly fault: FaultName
  readonly code: ErrorCode
  /** As vLLM, SGLang, llama.cpp, TGI, TensorRT-LLM and PyTorch write it. */
  readonly pattern: RegExp
}

/**
 * First match wins, over all lines: a cause before what follows from it. A configuration that does
 * not fit is a result; what another start may mend is ENGINE_FAILED.
 */
const rows: readonly Row[] = [
  {
    fault: 'port in use',
    code: 'ENGINE_FAILED',
    pattern:
      /address already in use|EADDRINUSE|couldn't bind .*socket|port \d+ (?:is )?(?:already )?in use/i,
  },
  {
    fault: 'arguments',
    code: 'SWEEP_INVALID',
    pattern:
      /error: (?:unrecognized|invalid|unexpected) argument|error while handling argument|unrecognized arguments:|error: argument .*: |No such option|invalid choice: /i,
  },
  {
    fault: 'context too long',
    code: 'CONFIGURATION_INFEASIBLE',
    pattern:
      /is greater than the derived (?:max_model_len|context_length)|max_total_tokens.* (?:must be|greater than|exceeds?)|max_seq_len .* (?:exceeds|larger than)/i,
  },
  {
    fault: 'key-value cache',
    code: 'CONFIGURATION_INFEASIBLE',
    pattern:
      /No available memory for the cache blocks|larger than the (?:maximum number of tokens that can be stored in|available) KV cache|Not enough memory\. Please try to (?:increase|decrease)|Not enough memory to handle \d+ prefill tokens|failed to allocate buffer for kv cache|insufficient .*memory for (?:the )?kv ?cache/i,
  },
  {
    fault: 'device memory',
    code: 'CONFIGURATION_INFEASIBLE',
    pattern:
      /(?:CUDA|HIP|XPU|GPU) (?:error: )?out of memory|OutOfMemoryError|cudaMalloc failed: out of memory|cudaErrorMemoryAllocation|CUDNN_STATUS_ALLOC_FAILED|CUBLAS_STATUS_ALLOC_FAILED|ErrorOutOfDeviceMemory|unable to allocate CUDA\d* buffer|Requested amount of GPU memory|Free memory on device .* is less than desired/i,
  },
  {
    fault: 'host memory',
    code: 'CONFIGURATION_INFEASIBLE',
    pattern:
      /ggml_aligned_malloc: insufficient memory|unable to allocate CPU buffer|DefaultCPUAllocator: can't allocate memory|std::bad_alloc|MemoryError\b|Cannot allocate memory/i,
  },
  {
    fault: 'cannot be split',
    code: 'CONFIGURATION_INFEASIBLE',
    pattern:
      /must be divisible by (?:the )?(?:tensor.parallel|tp|num.shard|world)|not divisible by .*(?:tensor|tp_size|shard)/i,
  },
  {
    fault: 'too few devices',
    code: 'CONFIGURATION_INFEASIBLE',
    pattern:
      /required GPUs exceeds the total number of available GPUs|World size .* is larger than the number of available GPUs|`?num_shard`? .*only .* (?:GPUs|devices)|invalid device ordinal/i,
  },
  {
    fault: 'model',
    code: 'MODEL_INVALID',
    pattern:
      /is not a local folder and is not a valid model identifier|Repo(?:sitory)?\s?Not\s?Found|GatedRepoError|Cannot access gated repo|failed to load model|error loading model|does not appear to have (?:a file named|files named)|Unrecognized model in|model architectures? .* (?:is|are) not supported|Can't load (?:the )?(?:tokenizer|config)|No safetensors weights found/i,
  },
  {
    fault: 'no device',
    code: 'ENGINE_FAILED',
    pattern:
      /No CUDA GPUs are available|no CUDA-capable device|CUDA driver version is insufficient|Found no NVIDIA driver|Failed to infer device type|No HIP GPUs are available/i,
  },
  {
    fault: 'device fault',
    code: 'ENGINE_FAILED',
    pattern:
      /illegal memory access|device-side assert|(?:CUDA|HIP|ROCm|XPU) error: \S|Xid \d+|CUBLAS_STATUS_(?:EXECUTION_FAILED|INTERNAL_ERROR)|Segmentation fault/i,
  },
  {
    fault: 'communication',
    code: 'ENGINE_FAILED',
    pattern:
      /NCCL (?:error|WARN.*(?:failed|timeout))|ncclUnhandled|Watchdog caught collective operation timeout|DistBackendError/i,
  },
  {
    fault: 'assertion',
    code: 'ENGINE_FAILED',
    pattern:
      /GGML_ASSERT\(.+\) failed|Assertion [`'"].+ failed|AssertionError: \S|^\s*what\(\):\s+\S/,
  },
]

export interface Fault {
  readonly fault: FaultName
  readonly code: ErrorCode
  /** The line that gives it away. */
  readonly line: string
}

const longestLine = 400

/** The cause that the lines of a log give away. */
export function faultIn(lines: readonly string[]): Fault | undefined {
  for (const { fault, code, pattern } of rows) {
    const line = lines.find((each) => pattern.test(each))
    if (line !== undefined) return { fault, code, line: line.trim().slice(0, longestLine) }
  }
  return undefined
}

/** Node’s names by number, as `128 + number` in an exit code tells them. */
const signalNames: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
}

/** Signals that a process gives itself by its own fault. */
const crashes: ReadonlySet<string> = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE'])

/** How a process ended, in words. */
export function endWords({ code, signal }: ProcessEnd): string {
  const name = signal ?? (code !== null && code > 128 ? signalNames[code - 128] : undefined)
  const how = signal === null ? `exited with code ${code ?? 0}` : `was killed by ${signal}`
  if (name === 'SIGKILL') {
    return `${how} (somebody killed it; the kernel does, when memory runs out)`
  }
  return name !== undefined && crashes.has(name) ? `${how} (it crashed: ${name})` : how
}
