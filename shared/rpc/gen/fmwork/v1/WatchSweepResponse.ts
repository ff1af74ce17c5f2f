// Original file: proto/fmwork/v1/control.proto

import type { SweepStatusInput as _fmwork_v1_SweepStatusInput, SweepStatus as _fmwork_v1_SweepStatus } from '../../fmwork/v1/SweepStatus.js';
import type { TrialEndedInput as _fmwork_v1_TrialEndedInput, TrialEnded as _fmwork_v1_TrialEnded } from '../../fmwork/v1/TrialEnded.js';

export interface WatchSweepResponseInput {
  'status'?: (_fmwork_v1_SweepStatusInput | null);
  'trialEnded'?: (_fmwork_v1_TrialEndedInput | null);
  'event'?: "status"|"trialEnded";
}

export interface WatchSweepResponse {
  'status'?: (_fmwork_v1_SweepStatus | null);
  'trialEnded'?: (_fmwork_v1_TrialEnded | null);
  'event'?: "status"|"trialEnded";
}
