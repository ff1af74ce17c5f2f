// Original file: proto/fmwork/v1/control.proto


export interface SubmitSweepResponseInput {
  'sweepId'?: (string);
  /**
   * False when the same sweep existed already.
   */
  'created'?: (boolean);
}

export interface SubmitSweepResponse {
  'sweepId': (string);
  /**
   * False when the same sweep existed already.
   */
  'created': (boolean);
}
