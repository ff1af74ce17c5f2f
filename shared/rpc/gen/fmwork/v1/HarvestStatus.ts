// Original file: proto/fmwork/v1/control.proto

import type { HarvestBiasInput as _fmwork_v1_HarvestBiasInput, HarvestBias as _fmwork_v1_HarvestBias } from '../../fmwork/v1/HarvestBias.js';

/**
 * Shorter outputs that longer runs of a static batch told of, and how far that is to be trusted.
 */
export interface HarvestStatusInput {
  /**
   * Configurations that no run of their own has told of. None is counted as measured.
   */
  'harvested'?: (number);
  /**
   * Configurations that a longer run and one of their own told of.
   */
  'checks'?: (number);
  /**
   * False while a bias is proven: then what was harvested counts for nothing.
   */
  'trusted'?: (boolean);
  'biases'?: (_fmwork_v1_HarvestBiasInput)[];
}

/**
 * Shorter outputs that longer runs of a static batch told of, and how far that is to be trusted.
 */
export interface HarvestStatus {
  /**
   * Configurations that no run of their own has told of. None is counted as measured.
   */
  'harvested': (number);
  /**
   * Configurations that a longer run and one of their own told of.
   */
  'checks': (number);
  /**
   * False while a bias is proven: then what was harvested counts for nothing.
   */
  'trusted': (boolean);
  'biases': (_fmwork_v1_HarvestBias)[];
}
