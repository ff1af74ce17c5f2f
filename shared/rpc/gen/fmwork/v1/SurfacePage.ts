// Original file: proto/fmwork/v1/control.proto

import type { SurfacePointInput as _fmwork_v1_SurfacePointInput, SurfacePoint as _fmwork_v1_SurfacePoint } from '../../fmwork/v1/SurfacePoint.js';

/**
 * The surface over a run of configurations, in the space's own order.
 */
export interface SurfacePageInput {
  'points'?: (_fmwork_v1_SurfacePointInput)[];
}

/**
 * The surface over a run of configurations, in the space's own order.
 */
export interface SurfacePage {
  'points': (_fmwork_v1_SurfacePoint)[];
}
