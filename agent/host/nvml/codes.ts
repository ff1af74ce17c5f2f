/** nvmlReturn_t values that mean the same every time they are asked for: not worth asking again. */
export const neverAnswers: ReadonlySet<number> = new Set([
  3, // NVML_ERROR_NOT_SUPPORTED
  4, // NVML_ERROR_NO_PERMISSION
  13, // NVML_ERROR_FUNCTION_NOT_FOUND
  25, // NVML_ERROR_ARGUMENT_VERSION_MISMATCH
])

/** NVML_ERROR_INSUFFICIENT_SIZE: the same call with more room succeeds. */
export const insufficientSize = 7

const words: Readonly<Record<number, string>> = {
  1: 'not initialised',
  2: 'invalid argument',
  3: 'not supported',
  4: 'no permission',
  6: 'not found',
  8: 'insufficient external power',
  9: 'the driver is not loaded',
  10: 'timeout',
  12: 'the library and the driver do not match',
  13: 'function not found',
  15: 'the GPU is lost',
  16: 'the GPU needs a reset',
  17: 'the operating system blocks the GPU',
  18: 'the library and the driver are of different versions',
  19: 'in use',
  999: 'unknown error',
}

/** What a code says, in words. */
export const codeWords = (code: number): string => `${words[code] ?? 'error'} (NVML code ${code})`
