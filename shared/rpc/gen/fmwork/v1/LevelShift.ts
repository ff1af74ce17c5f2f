// Original file: proto/fmwork/v1/control.proto

import type { IntervalInput as _fmwork_v1_IntervalInput, Interval as _fmwork_v1_Interval } from '../../fmwork/v1/Interval.js';

export interface LevelShiftInput {
  'metric'?: (string);
  /**
   * New level / old level, or one agent’s / the mean of its class, 90 %.
   */
  'ratio'?: (_fmwork_v1_IntervalInput | null);
}

export interface LevelShift {
  'metric': (string);
  /**
   * New level / old level, or one agent’s / the mean of its class, 90 %.
   */
  'ratio': (_fmwork_v1_Interval | null);
}
