// Original file: proto/fmwork/v1/agent.proto


/**
 * The lease is lost: stop the engine, drop its trials.
 */
export interface RevokeInput {
  'leaseId'?: (string);
  'reason'?: (string);
}

/**
 * The lease is lost: stop the engine, drop its trials.
 */
export interface Revoke {
  'leaseId': (string);
  'reason': (string);
}
