// Original file: proto/fmwork/v1/common.proto


/**
 * A reason not to trust a measurement.
 */
export interface DoubtInput {
  /**
   * Row of the doubt table, such as engine_starved.
   */
  'kind'?: (string);
  /**
   * True: the trial is measured again. False: shown beside the number for ever.
   */
  'invalid'?: (boolean);
  /**
   * The figure that tripped the threshold, and the threshold.
   */
  'detail'?: (string);
}

/**
 * A reason not to trust a measurement.
 */
export interface Doubt {
  /**
   * Row of the doubt table, such as engine_starved.
   */
  'kind': (string);
  /**
   * True: the trial is measured again. False: shown beside the number for ever.
   */
  'invalid': (boolean);
  /**
   * The figure that tripped the threshold, and the threshold.
   */
  'detail': (string);
}
