// Original file: proto/fmwork/v1/control.proto

import type { IntervalInput as _fmwork_v1_IntervalInput, Interval as _fmwork_v1_Interval } from '../../fmwork/v1/Interval.js';

export interface HarvestBiasInput {
  'metric'?: (string);
  /**
   * Mean of harvest / own run - 1, 90 %.
   */
  'bias'?: (_fmwork_v1_IntervalInput | null);
  /**
   * It is proven, and too large to be ignored.
   */
  'distrusted'?: (boolean);
}

export interface HarvestBias {
  'metric': (string);
  /**
   * Mean of harvest / own run - 1, 90 %.
   */
  'bias': (_fmwork_v1_Interval | null);
  /**
   * It is proven, and too large to be ignored.
   */
  'distrusted': (boolean);
}
