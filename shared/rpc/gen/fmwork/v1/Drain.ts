// Original file: proto/fmwork/v1/agent.proto


/**
 * Finish the running trial, then ask for no more.
 */
export interface DrainInput {
  'reason'?: (string);
}

/**
 * Finish the running trial, then ask for no more.
 */
export interface Drain {
  'reason': (string);
}
