// Original file: proto/fmwork/v1/control.proto

import type { SweepSummaryInput as _fmwork_v1_SweepSummaryInput, SweepSummary as _fmwork_v1_SweepSummary } from '../../fmwork/v1/SweepSummary.js';
import type { SweepStatusInput as _fmwork_v1_SweepStatusInput, SweepStatus as _fmwork_v1_SweepStatus } from '../../fmwork/v1/SweepStatus.js';

export interface GetSweepResponseInput {
  'sweep'?: (_fmwork_v1_SweepSummaryInput | null);
  'text'?: (string);
  'status'?: (_fmwork_v1_SweepStatusInput | null);
}

export interface GetSweepResponse {
  'sweep': (_fmwork_v1_SweepSummary | null);
  'text': (string);
  'status': (_fmwork_v1_SweepStatus | null);
}
