// Original file: proto/fmwork/v1/agent.proto

import type { WorkloadDataInput as _fmwork_v1_WorkloadDataInput, WorkloadData as _fmwork_v1_WorkloadData } from '../../fmwork/v1/WorkloadData.js';
import type { ClosedLoopInput as _fmwork_v1_ClosedLoopInput, ClosedLoop as _fmwork_v1_ClosedLoop } from '../../fmwork/v1/ClosedLoop.js';
import type { OpenLoopInput as _fmwork_v1_OpenLoopInput, OpenLoop as _fmwork_v1_OpenLoop } from '../../fmwork/v1/OpenLoop.js';
import type { RampedLoopInput as _fmwork_v1_RampedLoopInput, RampedLoop as _fmwork_v1_RampedLoop } from '../../fmwork/v1/RampedLoop.js';

/**
 * A loop whose requests are those of a data file. A kind of its own, so that an agent that knows no
 * data refuses it instead of making requests up.
 */
export interface DataLoopInput {
  'data'?: (_fmwork_v1_WorkloadDataInput | null);
  'closedLoop'?: (_fmwork_v1_ClosedLoopInput | null);
  /**
   * Arrivals may be `trace` here: the data's own times, stretched to the configuration's rate.
   */
  'openLoop'?: (_fmwork_v1_OpenLoopInput | null);
  'rampedLoop'?: (_fmwork_v1_RampedLoopInput | null);
  'loop'?: "closedLoop"|"openLoop"|"rampedLoop";
}

/**
 * A loop whose requests are those of a data file. A kind of its own, so that an agent that knows no
 * data refuses it instead of making requests up.
 */
export interface DataLoop {
  'data': (_fmwork_v1_WorkloadData | null);
  'closedLoop'?: (_fmwork_v1_ClosedLoop | null);
  /**
   * Arrivals may be `trace` here: the data's own times, stretched to the configuration's rate.
   */
  'openLoop'?: (_fmwork_v1_OpenLoop | null);
  'rampedLoop'?: (_fmwork_v1_RampedLoop | null);
  'loop'?: "closedLoop"|"openLoop"|"rampedLoop";
}
