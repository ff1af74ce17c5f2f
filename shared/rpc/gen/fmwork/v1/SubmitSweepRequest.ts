// Original file: proto/fmwork/v1/control.proto

import type { PastRowInput as _fmwork_v1_PastRowInput, PastRow as _fmwork_v1_PastRow } from '../../fmwork/v1/PastRow.js';

export interface SubmitSweepRequestInput {
  /**
   * The sweep file's text.
   */
  'text'?: (string);
  /**
   * What others measured, beside the sweeps that the file names: to start from.
   */
  'past'?: (_fmwork_v1_PastRowInput)[];
}

export interface SubmitSweepRequest {
  /**
   * The sweep file's text.
   */
  'text': (string);
  /**
   * What others measured, beside the sweeps that the file names: to start from.
   */
  'past': (_fmwork_v1_PastRow)[];
}
