// Original file: proto/fmwork/v1/control.proto

import type { SweepSummaryInput as _fmwork_v1_SweepSummaryInput, SweepSummary as _fmwork_v1_SweepSummary } from '../../fmwork/v1/SweepSummary.js';
import type { MetricAccuracyInput as _fmwork_v1_MetricAccuracyInput, MetricAccuracy as _fmwork_v1_MetricAccuracy } from '../../fmwork/v1/MetricAccuracy.js';
import type { SpentInput as _fmwork_v1_SpentInput, Spent as _fmwork_v1_Spent } from '../../fmwork/v1/Spent.js';
import type { IntervalInput as _fmwork_v1_IntervalInput, Interval as _fmwork_v1_Interval } from '../../fmwork/v1/Interval.js';
import type { AgentStatusInput as _fmwork_v1_AgentStatusInput, AgentStatus as _fmwork_v1_AgentStatus } from '../../fmwork/v1/AgentStatus.js';
import type { DecisionInput as _fmwork_v1_DecisionInput, Decision as _fmwork_v1_Decision } from '../../fmwork/v1/Decision.js';
import type { LevelChangeInput as _fmwork_v1_LevelChangeInput, LevelChange as _fmwork_v1_LevelChange } from '../../fmwork/v1/LevelChange.js';
import type { HarvestStatusInput as _fmwork_v1_HarvestStatusInput, HarvestStatus as _fmwork_v1_HarvestStatus } from '../../fmwork/v1/HarvestStatus.js';
import type { PastStatusInput as _fmwork_v1_PastStatusInput, PastStatus as _fmwork_v1_PastStatus } from '../../fmwork/v1/PastStatus.js';
import type { NodeLevelInput as _fmwork_v1_NodeLevelInput, NodeLevel as _fmwork_v1_NodeLevel } from '../../fmwork/v1/NodeLevel.js';

/**
 * The meta-metrics: what the benchmarking cost so far, and how well it knows the space.
 */
export interface SweepStatusInput {
  'sweep'?: (_fmwork_v1_SweepSummaryInput | null);
  'configurations'?: (number);
  'measured'?: (number);
  'audits'?: (number);
  'infeasible'?: (number);
  'failed'?: (number);
  'pending'?: (number);
  'invalid'?: (number);
  'accuracy'?: (_fmwork_v1_MetricAccuracyInput)[];
  'spent'?: (_fmwork_v1_SpentInput | null);
  /**
   * Device-seconds that measuring the full grid would take.
   */
  'fullGridDeviceS'?: (_fmwork_v1_IntervalInput | null);
  /**
   * full grid / spent.
   */
  'gain'?: (_fmwork_v1_IntervalInput | null);
  /**
   * Seconds until the goal at the present rate; absent when it cannot be told.
   */
  'etaS'?: (number | string);
  /**
   * Of the whole sweep's goal, in 0..1.
   */
  'goalAccuracy'?: (number | string);
  /**
   * True: the goal is reached. Why the sweep stopped is in sweep.reason.
   */
  'goalReached'?: (boolean);
  'agents'?: (_fmwork_v1_AgentStatusInput)[];
  /**
   * Trials ordered by `fmwork verify` and those of them that are measured.
   */
  'verifyOrdered'?: (number);
  'verifyMeasured'?: (number);
  /**
   * Absent unless the goal names a decision, and before there is a choice.
   */
  'decision'?: (_fmwork_v1_DecisionInput | null);
  /**
   * Steps in the level of agents, in the order of evidence.
   */
  'changes'?: (_fmwork_v1_LevelChangeInput)[];
  /**
   * Absent while no longer run has told of a shorter one.
   */
  'harvest'?: (_fmwork_v1_HarvestStatusInput | null);
  /**
   * Absent where the sweep started from nothing.
   */
  'past'?: (_fmwork_v1_PastStatusInput | null);
  /**
   * How agents differ where several of one class measured.
   */
  'nodes'?: (_fmwork_v1_NodeLevelInput)[];
  '_etaS'?: "etaS";
  '_decision'?: "decision";
  '_harvest'?: "harvest";
  '_past'?: "past";
}

/**
 * The meta-metrics: what the benchmarking cost so far, and how well it knows the space.
 */
export interface SweepStatus {
  'sweep': (_fmwork_v1_SweepSummary | null);
  'configurations': (number);
  'measured': (number);
  'audits': (number);
  'infeasible': (number);
  'failed': (number);
  'pending': (number);
  'invalid': (number);
  'accuracy': (_fmwork_v1_MetricAccuracy)[];
  'spent': (_fmwork_v1_Spent | null);
  /**
   * Device-seconds that measuring the full grid would take.
   */
  'fullGridDeviceS': (_fmwork_v1_Interval | null);
  /**
   * full grid / spent.
   */
  'gain': (_fmwork_v1_Interval | null);
  /**
   * Seconds until the goal at the present rate; absent when it cannot be told.
   */
  'etaS'?: (number);
  /**
   * Of the whole sweep's goal, in 0..1.
   */
  'goalAccuracy': (number);
  /**
   * True: the goal is reached. Why the sweep stopped is in sweep.reason.
   */
  'goalReached': (boolean);
  'agents': (_fmwork_v1_AgentStatus)[];
  /**
   * Trials ordered by `fmwork verify` and those of them that are measured.
   */
  'verifyOrdered': (number);
  'verifyMeasured': (number);
  /**
   * Absent unless the goal names a decision, and before there is a choice.
   */
  'decision'?: (_fmwork_v1_Decision | null);
  /**
   * Steps in the level of agents, in the order of evidence.
   */
  'changes': (_fmwork_v1_LevelChange)[];
  /**
   * Absent while no longer run has told of a shorter one.
   */
  'harvest'?: (_fmwork_v1_HarvestStatus | null);
  /**
   * Absent where the sweep started from nothing.
   */
  'past'?: (_fmwork_v1_PastStatus | null);
  /**
   * How agents differ where several of one class measured.
   */
  'nodes': (_fmwork_v1_NodeLevel)[];
  '_etaS'?: "etaS";
  '_decision'?: "decision";
  '_harvest'?: "harvest";
  '_past'?: "past";
}
