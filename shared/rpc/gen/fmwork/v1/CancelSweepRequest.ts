// Original file: proto/fmwork/v1/control.proto


export interface CancelSweepRequestInput {
  'sweep'?: (string);
}

export interface CancelSweepRequest {
  'sweep': (string);
}
