// Original file: proto/fmwork/v1/common.proto


/**
 * One percentile over requests.
 */
export interface PercentileInput {
  /**
   * p50, p90, p95 or p99.
   */
  'name'?: (string);
  /**
   * Absent when the count of requests does not support it.
   */
  'value'?: (number | string);
  '_value'?: "value";
}

/**
 * One percentile over requests.
 */
export interface Percentile {
  /**
   * p50, p90, p95 or p99.
   */
  'name': (string);
  /**
   * Absent when the count of requests does not support it.
   */
  'value'?: (number);
  '_value'?: "value";
}
