// Original file: proto/fmwork/v1/control.proto

import type { LevelShiftInput as _fmwork_v1_LevelShiftInput, LevelShift as _fmwork_v1_LevelShift } from '../../fmwork/v1/LevelShift.js';

/**
 * One agent against the mean of those of its hardware class that measured.
 */
export interface NodeLevelInput {
  'agent'?: (string);
  'hardware'?: (string);
  /**
   * What it measured.
   */
  'trials'?: (number);
  /**
   * Its level / the mean of its class, 90 %.
   */
  'ratios'?: (_fmwork_v1_LevelShiftInput)[];
}

/**
 * One agent against the mean of those of its hardware class that measured.
 */
export interface NodeLevel {
  'agent': (string);
  'hardware': (string);
  /**
   * What it measured.
   */
  'trials': (number);
  /**
   * Its level / the mean of its class, 90 %.
   */
  'ratios': (_fmwork_v1_LevelShift)[];
}
