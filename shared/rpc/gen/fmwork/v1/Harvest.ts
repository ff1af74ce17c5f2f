// Original file: proto/fmwork/v1/common.proto

import type { MetricEstimateInput as _fmwork_v1_MetricEstimateInput, MetricEstimate as _fmwork_v1_MetricEstimate } from '../../fmwork/v1/MetricEstimate.js';
import type { DoubtInput as _fmwork_v1_DoubtInput, Doubt as _fmwork_v1_Doubt } from '../../fmwork/v1/Doubt.js';

/**
 * What a streamed static batch says of a shorter one: no trial of its own, at no cost.
 */
export interface HarvestInput {
  /**
   * Of the shorter configuration; all its other axes are the trial's.
   */
  'outputTokens'?: (number);
  'metrics'?: (_fmwork_v1_MetricEstimateInput)[];
  'doubts'?: (_fmwork_v1_DoubtInput)[];
}

/**
 * What a streamed static batch says of a shorter one: no trial of its own, at no cost.
 */
export interface Harvest {
  /**
   * Of the shorter configuration; all its other axes are the trial's.
   */
  'outputTokens': (number);
  'metrics': (_fmwork_v1_MetricEstimate)[];
  'doubts': (_fmwork_v1_Doubt)[];
}
