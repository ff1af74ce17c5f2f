// Original file: proto/fmwork/v1/control.proto


export interface PastValueInput {
  'metric'?: (string);
  'value'?: (number | string);
  /**
   * Standard deviation of the value / value.
   */
  'relativeSd'?: (number | string);
}

export interface PastValue {
  'metric': (string);
  'value': (number);
  /**
   * Standard deviation of the value / value.
   */
  'relativeSd': (number);
}
