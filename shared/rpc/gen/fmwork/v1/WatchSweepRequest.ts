// Original file: proto/fmwork/v1/control.proto


export interface WatchSweepRequestInput {
  'sweep'?: (string);
  /**
   * Also send every trial as it ends.
   */
  'trials'?: (boolean);
}

export interface WatchSweepRequest {
  'sweep': (string);
  /**
   * Also send every trial as it ends.
   */
  'trials': (boolean);
}
