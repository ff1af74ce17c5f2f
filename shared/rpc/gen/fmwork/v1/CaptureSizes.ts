// Original file: proto/fmwork/v1/agent.proto


/**
 * Batch sizes that the engine captured CUDA graphs for, ascending; none in eager mode.
 */
export interface CaptureSizesInput {
  'sizes'?: (number | string)[];
}

/**
 * Batch sizes that the engine captured CUDA graphs for, ascending; none in eager mode.
 */
export interface CaptureSizes {
  'sizes': (number)[];
}
