// Original file: proto/fmwork/v1/control.proto

import type { SweepSummaryInput as _fmwork_v1_SweepSummaryInput, SweepSummary as _fmwork_v1_SweepSummary } from '../../fmwork/v1/SweepSummary.js';

export interface CancelSweepResponseInput {
  'sweep'?: (_fmwork_v1_SweepSummaryInput | null);
}

export interface CancelSweepResponse {
  'sweep': (_fmwork_v1_SweepSummary | null);
}
