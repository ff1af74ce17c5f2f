// Original file: proto/fmwork/v1/control.proto

import type { IntervalInput as _fmwork_v1_IntervalInput, Interval as _fmwork_v1_Interval } from '../../fmwork/v1/Interval.js';

/**
 * What the surface claims of one metric over the whole space.
 */
export interface MetricAccuracyInput {
  'metric'?: (string);
  /**
   * False: fewer audits than the claim needs; `why` says so and the figures are the model's own.
   */
  'calibrated'?: (boolean);
  'why'?: (string);
  /**
   * 1 - mean relative error over the full grid.
   */
  'accuracy'?: (_fmwork_v1_IntervalInput | null);
  /**
   * Share of configurations whose relative error is at most 5 %.
   */
  'within5'?: (_fmwork_v1_IntervalInput | null);
  'p95Error'?: (_fmwork_v1_IntervalInput | null);
  /**
   * Mean of estimate / truth - 1.
   */
  'bias'?: (_fmwork_v1_IntervalInput | null);
  /**
   * Mean relative error that the noise of single measurements alone causes.
   */
  'noiseFloor'?: (number | string);
  /**
   * Share of audits inside their 90 % interval.
   */
  'coverage'?: (number | string);
  '_coverage'?: "coverage";
}

/**
 * What the surface claims of one metric over the whole space.
 */
export interface MetricAccuracy {
  'metric': (string);
  /**
   * False: fewer audits than the claim needs; `why` says so and the figures are the model's own.
   */
  'calibrated': (boolean);
  'why': (string);
  /**
   * 1 - mean relative error over the full grid.
   */
  'accuracy': (_fmwork_v1_Interval | null);
  /**
   * Share of configurations whose relative error is at most 5 %.
   */
  'within5': (_fmwork_v1_Interval | null);
  'p95Error': (_fmwork_v1_Interval | null);
  /**
   * Mean of estimate / truth - 1.
   */
  'bias': (_fmwork_v1_Interval | null);
  /**
   * Mean relative error that the noise of single measurements alone causes.
   */
  'noiseFloor': (number);
  /**
   * Share of audits inside their 90 % interval.
   */
  'coverage'?: (number);
  '_coverage'?: "coverage";
}
