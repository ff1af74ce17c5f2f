// Original file: proto/fmwork/v1/control.proto


export interface SweepSummaryInput {
  'sweepId'?: (string);
  'name'?: (string);
  /**
   * RUNNING, PAUSED, COMPLETED, CANCELLED or FAILED.
   */
  'state'?: (string);
  /**
   * Why it ended, in words; empty while it runs.
   */
  'reason'?: (string);
  'createdAtMs'?: (number | string);
}

export interface SweepSummary {
  'sweepId': (string);
  'name': (string);
  /**
   * RUNNING, PAUSED, COMPLETED, CANCELLED or FAILED.
   */
  'state': (string);
  /**
   * Why it ended, in words; empty while it runs.
   */
  'reason': (string);
  'createdAtMs': (number);
}
