// Original file: proto/fmwork/v1/control.proto

import type { PastOriginInput as _fmwork_v1_PastOriginInput, PastOrigin as _fmwork_v1_PastOrigin } from '../../fmwork/v1/PastOrigin.js';
import type { PastMetricInput as _fmwork_v1_PastMetricInput, PastMetric as _fmwork_v1_PastMetric } from '../../fmwork/v1/PastMetric.js';

/**
 * What a sweep started from that others measured, and whether it helps.
 */
export interface PastStatusInput {
  'origins'?: (_fmwork_v1_PastOriginInput)[];
  'metrics'?: (_fmwork_v1_PastMetricInput)[];
}

/**
 * What a sweep started from that others measured, and whether it helps.
 */
export interface PastStatus {
  'origins': (_fmwork_v1_PastOrigin)[];
  'metrics': (_fmwork_v1_PastMetric)[];
}
