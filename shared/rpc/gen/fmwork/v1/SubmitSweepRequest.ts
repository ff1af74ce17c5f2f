// Original file: proto/fmwork/v1/control.proto


export interface SubmitSweepRequestInput {
  /**
   * The sweep file's text.
   */
  'text'?: (string);
}

export interface SubmitSweepRequest {
  /**
   * The sweep file's text.
   */
  'text': (string);
}
