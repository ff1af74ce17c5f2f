// Original file: proto/fmwork/v1/control.proto


export interface PauseSweepRequestInput {
  'sweep'?: (string);
}

export interface PauseSweepRequest {
  'sweep': (string);
}
