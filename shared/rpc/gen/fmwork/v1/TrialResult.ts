// Original file: proto/fmwork/v1/agent.proto

import type { MeasurementInput as _fmwork_v1_MeasurementInput, Measurement as _fmwork_v1_Measurement } from '../../fmwork/v1/Measurement.js';
import type { InfeasibleInput as _fmwork_v1_InfeasibleInput, Infeasible as _fmwork_v1_Infeasible } from '../../fmwork/v1/Infeasible.js';
import type { FailedInput as _fmwork_v1_FailedInput, Failed as _fmwork_v1_Failed } from '../../fmwork/v1/Failed.js';
import type { Long } from '@grpc/proto-loader';

export interface TrialResultInput {
  'leaseId'?: (string);
  'token'?: (number | string | Long);
  'trialId'?: (string);
  'measured'?: (_fmwork_v1_MeasurementInput | null);
  'infeasible'?: (_fmwork_v1_InfeasibleInput | null);
  'failed'?: (_fmwork_v1_FailedInput | null);
  'outcome'?: "measured"|"infeasible"|"failed";
}

export interface TrialResult {
  'leaseId': (string);
  'token': (number);
  'trialId': (string);
  'measured'?: (_fmwork_v1_Measurement | null);
  'infeasible'?: (_fmwork_v1_Infeasible | null);
  'failed'?: (_fmwork_v1_Failed | null);
  'outcome'?: "measured"|"infeasible"|"failed";
}
