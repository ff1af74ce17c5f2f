// Original file: proto/fmwork/v1/agent.proto


/**
 * Which file, and what is in it; the agent refuses one that is not so.
 */
export interface WorkloadDataInput {
  /**
   * A name in a folder that the agent's own configuration allows, never a path.
   */
  'file'?: (string);
  /**
   * azure, mooncake, sharegpt or jsonl.
   */
  'format'?: (string);
  /**
   * Of the whole file, in hexadecimal digits.
   */
  'sha256'?: (string);
  /**
   * Requests taken from it, their lengths on average, and the longest prompt and output together.
   */
  'requests'?: (number);
  'inputTokens'?: (number);
  'outputTokens'?: (number);
  'longestTokens'?: (number);
  /**
   * From the first request to the last as recorded; absent where requests have no times.
   */
  'seconds'?: (number | string);
  '_seconds'?: "seconds";
}

/**
 * Which file, and what is in it; the agent refuses one that is not so.
 */
export interface WorkloadData {
  /**
   * A name in a folder that the agent's own configuration allows, never a path.
   */
  'file': (string);
  /**
   * azure, mooncake, sharegpt or jsonl.
   */
  'format': (string);
  /**
   * Of the whole file, in hexadecimal digits.
   */
  'sha256': (string);
  /**
   * Requests taken from it, their lengths on average, and the longest prompt and output together.
   */
  'requests': (number);
  'inputTokens': (number);
  'outputTokens': (number);
  'longestTokens': (number);
  /**
   * From the first request to the last as recorded; absent where requests have no times.
   */
  'seconds'?: (number);
  '_seconds'?: "seconds";
}
