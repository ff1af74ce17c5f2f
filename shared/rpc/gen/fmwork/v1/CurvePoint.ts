// Original file: proto/fmwork/v1/control.proto

import type { MetricAccuracyInput as _fmwork_v1_MetricAccuracyInput, MetricAccuracy as _fmwork_v1_MetricAccuracy } from '../../fmwork/v1/MetricAccuracy.js';

/**
 * One point of the accuracy-against-cost curve.
 */
export interface CurvePointInput {
  'deviceS'?: (number | string);
  'measured'?: (number);
  'accuracy'?: (_fmwork_v1_MetricAccuracyInput)[];
}

/**
 * One point of the accuracy-against-cost curve.
 */
export interface CurvePoint {
  'deviceS': (number);
  'measured': (number);
  'accuracy': (_fmwork_v1_MetricAccuracy)[];
}
