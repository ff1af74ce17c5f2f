// Original file: proto/fmwork/v1/control.proto


export interface SurfaceEstimateInput {
  'metric'?: (string);
  'value'?: (number | string);
  /**
   * 90 % interval of the truth.
   */
  'low'?: (number | string);
  'high'?: (number | string);
}

export interface SurfaceEstimate {
  'metric': (string);
  'value': (number);
  /**
   * 90 % interval of the truth.
   */
  'low': (number);
  'high': (number);
}
