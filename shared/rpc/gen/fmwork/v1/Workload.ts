// Original file: proto/fmwork/v1/agent.proto

import type { StaticBatchInput as _fmwork_v1_StaticBatchInput, StaticBatch as _fmwork_v1_StaticBatch } from '../../fmwork/v1/StaticBatch.js';
import type { ClosedLoopInput as _fmwork_v1_ClosedLoopInput, ClosedLoop as _fmwork_v1_ClosedLoop } from '../../fmwork/v1/ClosedLoop.js';
import type { OpenLoopInput as _fmwork_v1_OpenLoopInput, OpenLoop as _fmwork_v1_OpenLoop } from '../../fmwork/v1/OpenLoop.js';
import type { RampedLoopInput as _fmwork_v1_RampedLoopInput, RampedLoop as _fmwork_v1_RampedLoop } from '../../fmwork/v1/RampedLoop.js';
import type { DataLoopInput as _fmwork_v1_DataLoopInput, DataLoop as _fmwork_v1_DataLoop } from '../../fmwork/v1/DataLoop.js';

export interface WorkloadInput {
  'staticBatch'?: (_fmwork_v1_StaticBatchInput | null);
  'closedLoop'?: (_fmwork_v1_ClosedLoopInput | null);
  'openLoop'?: (_fmwork_v1_OpenLoopInput | null);
  'rampedLoop'?: (_fmwork_v1_RampedLoopInput | null);
  'dataLoop'?: (_fmwork_v1_DataLoopInput | null);
  'kind'?: "staticBatch"|"closedLoop"|"openLoop"|"rampedLoop"|"dataLoop";
}

export interface Workload {
  'staticBatch'?: (_fmwork_v1_StaticBatch | null);
  'closedLoop'?: (_fmwork_v1_ClosedLoop | null);
  'openLoop'?: (_fmwork_v1_OpenLoop | null);
  'rampedLoop'?: (_fmwork_v1_RampedLoop | null);
  'dataLoop'?: (_fmwork_v1_DataLoop | null);
  'kind'?: "staticBatch"|"closedLoop"|"openLoop"|"rampedLoop"|"dataLoop";
}
