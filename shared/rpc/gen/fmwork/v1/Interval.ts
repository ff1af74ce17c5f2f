// Original file: proto/fmwork/v1/control.proto


/**
 * A point estimate with its interval; all three in the same unit.
 */
export interface IntervalInput {
  'value'?: (number | string);
  'low'?: (number | string);
  'high'?: (number | string);
}

/**
 * A point estimate with its interval; all three in the same unit.
 */
export interface Interval {
  'value': (number);
  'low': (number);
  'high': (number);
}
