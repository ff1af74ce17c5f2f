// Original file: proto/fmwork/v1/agent.proto


/**
 * The agent has nothing to do for now and should ask again after a while, or when told.
 */
export interface NoWorkInput {
  /**
   * Of the lease that was asked about; the agent stops its engine and releases it.
   */
  'leaseId'?: (string);
  'retryAfterMs'?: (number);
  /**
   * why, in words.
   */
  'reason'?: (string);
  '_leaseId'?: "leaseId";
}

/**
 * The agent has nothing to do for now and should ask again after a while, or when told.
 */
export interface NoWork {
  /**
   * Of the lease that was asked about; the agent stops its engine and releases it.
   */
  'leaseId'?: (string);
  'retryAfterMs': (number);
  /**
   * why, in words.
   */
  'reason': (string);
  '_leaseId'?: "leaseId";
}
