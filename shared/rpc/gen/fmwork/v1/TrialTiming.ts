// Original file: proto/fmwork/v1/common.proto


/**
 * Where the wall time of a trial went.
 */
export interface TrialTimingInput {
  'setUpS'?: (number | string);
  'warmUpS'?: (number | string);
  'measuredS'?: (number | string);
  'gapsS'?: (number | string);
}

/**
 * Where the wall time of a trial went.
 */
export interface TrialTiming {
  'setUpS': (number);
  'warmUpS': (number);
  'measuredS': (number);
  'gapsS': (number);
}
