// Original file: proto/fmwork/v1/control.proto


export interface ResumeSweepRequestInput {
  'sweep'?: (string);
}

export interface ResumeSweepRequest {
  'sweep': (string);
}
