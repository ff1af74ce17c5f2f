// Original file: proto/fmwork/v1/control.proto

import type { Long } from '@grpc/proto-loader';

export interface VerifySweepRequestInput {
  'sweep'?: (string);
  /**
   * Configurations to measure, drawn uniformly without replacement; absent: all of them.
   */
  'sample'?: (number);
  'seed'?: (number | string | Long);
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
