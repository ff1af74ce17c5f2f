// Original file: proto/fmwork/v1/common.proto


/**
 * One engine argument's value.
 */
export interface ScalarInput {
  'text'?: (string);
  'number'?: (number | string);
  'flag'?: (boolean);
  'value'?: "text"|"number"|"flag";
}

/**
 * One engine argument's value.
 */
export interface Scalar {
  'text'?: (string);
  'number'?: (number);
  'flag'?: (boolean);
  'value'?: "text"|"number"|"flag";
}
