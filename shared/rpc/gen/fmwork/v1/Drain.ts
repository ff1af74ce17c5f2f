// Original file: proto/fmwork/v1/agent.proto


/**
 * Finish the running trial, then ask for no more in this session.
 */
export interface DrainInput {
  'reason'?: (string);
}

/**
 * Finish the running trial, then ask for no more in this session.
 */
export interface Drain {
  'reason': (string);
}
