// Original file: proto/fmwork/v1/control.proto

import type { ConfigurationInput as _fmwork_v1_ConfigurationInput, Configuration as _fmwork_v1_Configuration } from '../../fmwork/v1/Configuration.js';
import type { SurfaceEstimateInput as _fmwork_v1_SurfaceEstimateInput, SurfaceEstimate as _fmwork_v1_SurfaceEstimate } from '../../fmwork/v1/SurfaceEstimate.js';

export interface SurfacePointInput {
  'index'?: (number);
  'configuration'?: (_fmwork_v1_ConfigurationInput | null);
  'measured'?: (boolean);
  /**
   * Probability that the configuration can run, in 0..1.
   */
  'feasible'?: (number | string);
  'estimates'?: (_fmwork_v1_SurfaceEstimateInput)[];
  /**
   * A longer run told of it, and no run of its own did.
   */
  'harvested'?: (boolean);
}

export interface SurfacePoint {
  'index': (number);
  'configuration': (_fmwork_v1_Configuration | null);
  'measured': (boolean);
  /**
   * Probability that the configuration can run, in 0..1.
   */
  'feasible': (number);
  'estimates': (_fmwork_v1_SurfaceEstimate)[];
  /**
   * A longer run told of it, and no run of its own did.
   */
  'harvested': (boolean);
}
