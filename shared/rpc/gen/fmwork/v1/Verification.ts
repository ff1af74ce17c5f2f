// Original file: proto/fmwork/v1/control.proto

import type { VerifiedMetricInput as _fmwork_v1_VerifiedMetricInput, VerifiedMetric as _fmwork_v1_VerifiedMetric } from '../../fmwork/v1/VerifiedMetric.js';
import type { IntervalInput as _fmwork_v1_IntervalInput, Interval as _fmwork_v1_Interval } from '../../fmwork/v1/Interval.js';

/**
 * The claim beside the truth, on the verified configurations.
 */
export interface VerificationInput {
  'sampled'?: (number);
  'of'?: (number);
  'metrics'?: (_fmwork_v1_VerifiedMetricInput)[];
  /**
   * Device-seconds the reference took, and what the whole grid is forecast to take from it.
   */
  'referenceDeviceS'?: (number | string);
  'sweepDeviceS'?: (number | string);
  'trueGain'?: (_fmwork_v1_IntervalInput | null);
}

/**
 * The claim beside the truth, on the verified configurations.
 */
export interface Verification {
  'sampled': (number);
  'of': (number);
  'metrics': (_fmwork_v1_VerifiedMetric)[];
  /**
   * Device-seconds the reference took, and what the whole grid is forecast to take from it.
   */
  'referenceDeviceS': (number);
  'sweepDeviceS': (number);
  'trueGain': (_fmwork_v1_Interval | null);
}
