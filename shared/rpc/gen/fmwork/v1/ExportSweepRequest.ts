// Original file: proto/fmwork/v1/control.proto


export interface ExportSweepRequestInput {
  'sweep'?: (string);
}

export interface ExportSweepRequest {
  'sweep': (string);
}
