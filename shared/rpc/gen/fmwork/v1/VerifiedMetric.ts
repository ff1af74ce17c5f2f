// Original file: proto/fmwork/v1/control.proto

import type { IntervalInput as _fmwork_v1_IntervalInput, Interval as _fmwork_v1_Interval } from '../../fmwork/v1/Interval.js';

export interface VerifiedMetricInput {
  'metric'?: (string);
  'claimedAccuracy'?: (_fmwork_v1_IntervalInput | null);
  /**
   * With the sampling interval of the verification itself.
   */
  'trueAccuracy'?: (_fmwork_v1_IntervalInput | null);
  'trueWithin5'?: (number | string);
  'trueP95Error'?: (number | string);
  'trueBias'?: (number | string);
  'insideClaim'?: (boolean);
}

export interface VerifiedMetric {
  'metric': (string);
  'claimedAccuracy': (_fmwork_v1_Interval | null);
  /**
   * With the sampling interval of the verification itself.
   */
  'trueAccuracy': (_fmwork_v1_Interval | null);
  'trueWithin5': (number);
  'trueP95Error': (number);
  'trueBias': (number);
  'insideClaim': (boolean);
}
