// Original file: proto/fmwork/v1/agent.proto


/**
 * The trial broke; another attempt may succeed.
 */
export interface FailedInput {
  /**
   * Row of the error table.
   */
  'code'?: (string);
  'reason'?: (string);
  'deviceSeconds'?: (number | string);
}

/**
 * The trial broke; another attempt may succeed.
 */
export interface Failed {
  /**
   * Row of the error table.
   */
  'code': (string);
  'reason': (string);
  'deviceSeconds': (number);
}
