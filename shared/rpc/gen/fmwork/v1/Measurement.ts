// Original file: proto/fmwork/v1/common.proto

import type { MetricEstimateInput as _fmwork_v1_MetricEstimateInput, MetricEstimate as _fmwork_v1_MetricEstimate } from '../../fmwork/v1/MetricEstimate.js';
import type { DoubtInput as _fmwork_v1_DoubtInput, Doubt as _fmwork_v1_Doubt } from '../../fmwork/v1/Doubt.js';
import type { TrialTimingInput as _fmwork_v1_TrialTimingInput, TrialTiming as _fmwork_v1_TrialTiming } from '../../fmwork/v1/TrialTiming.js';
import type { HarvestInput as _fmwork_v1_HarvestInput, Harvest as _fmwork_v1_Harvest } from '../../fmwork/v1/Harvest.js';

/**
 * What a trial says about its configuration.
 */
export interface MeasurementInput {
  'metrics'?: (_fmwork_v1_MetricEstimateInput)[];
  'doubts'?: (_fmwork_v1_DoubtInput)[];
  'timing'?: (_fmwork_v1_TrialTimingInput | null);
  /**
   * Devices held times seconds held.
   */
  'deviceSeconds'?: (number | string);
  'energyJoules'?: (number | string);
  'repetitions'?: (number);
  'requests'?: (number);
  /**
   * Start of the measured window, epoch milliseconds of the agent's clock.
   */
  'startedAtMs'?: (number | string);
  /**
   * Shorter outputs that its samples tell of too, ascending.
   */
  'harvest'?: (_fmwork_v1_HarvestInput)[];
  '_energyJoules'?: "energyJoules";
}

/**
 * What a trial says about its configuration.
 */
export interface Measurement {
  'metrics': (_fmwork_v1_MetricEstimate)[];
  'doubts': (_fmwork_v1_Doubt)[];
  'timing': (_fmwork_v1_TrialTiming | null);
  /**
   * Devices held times seconds held.
   */
  'deviceSeconds': (number);
  'energyJoules'?: (number);
  'repetitions': (number);
  'requests': (number);
  /**
   * Start of the measured window, epoch milliseconds of the agent's clock.
   */
  'startedAtMs': (number);
  /**
   * Shorter outputs that its samples tell of too, ascending.
   */
  'harvest': (_fmwork_v1_Harvest)[];
  '_energyJoules'?: "energyJoules";
}
