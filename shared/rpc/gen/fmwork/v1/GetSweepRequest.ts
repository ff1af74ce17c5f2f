// Original file: proto/fmwork/v1/control.proto


export interface GetSweepRequestInput {
  /**
   * Id or name.
   */
  'sweep'?: (string);
}

export interface GetSweepRequest {
  /**
   * Id or name.
   */
  'sweep': (string);
}
