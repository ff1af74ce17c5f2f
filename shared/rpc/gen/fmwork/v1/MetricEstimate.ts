// Original file: proto/fmwork/v1/common.proto

import type { PercentileInput as _fmwork_v1_PercentileInput, Percentile as _fmwork_v1_Percentile } from '../../fmwork/v1/Percentile.js';

/**
 * One metric of one trial, in the metric's own unit.
 */
export interface MetricEstimateInput {
  'metric'?: (string);
  'value'?: (number | string);
  'low'?: (number | string);
  'high'?: (number | string);
  /**
   * Of the interval [low, high], in 0..1.
   */
  'confidence'?: (number | string);
  /**
   * Relative standard deviation of one repetition.
   */
  'relativeSd'?: (number | string);
  /**
   * Independent observations behind value.
   */
  'count'?: (number);
  'percentiles'?: (_fmwork_v1_PercentileInput)[];
}

/**
 * One metric of one trial, in the metric's own unit.
 */
export interface MetricEstimate {
  'metric': (string);
  'value': (number);
  'low': (number);
  'high': (number);
  /**
   * Of the interval [low, high], in 0..1.
   */
  'confidence': (number);
  /**
   * Relative standard deviation of one repetition.
   */
  'relativeSd': (number);
  /**
   * Independent observations behind value.
   */
  'count': (number);
  'percentiles': (_fmwork_v1_Percentile)[];
}
