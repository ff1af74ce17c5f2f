// Original file: proto/fmwork/v1/control.proto


export interface VerifySweepResponseInput {
  /**
   * Trials that remain to be measured, those already verified left out.
   */
  'trials'?: (number);
}

export interface VerifySweepResponse {
  /**
   * Trials that remain to be measured, those already verified left out.
   */
  'trials': (number);
}
