// Original file: proto/fmwork/v1/control.proto


export interface VerifySweepRequestInput {
  'sweep'?: (string);
  /**
   * Configurations to measure, drawn uniformly without replacement; absent: all of them.
   */
  'sample'?: (number);
  'seed'?: (number);
  '_sample'?: "sample";
}

export interface VerifySweepRequest {
  'sweep': (string);
  /**
   * Configurations to measure, drawn uniformly without replacement; absent: all of them.
   */
  'sample'?: (number);
  'seed': (number);
  '_sample'?: "sample";
}
