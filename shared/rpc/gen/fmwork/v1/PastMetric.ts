// Original file: proto/fmwork/v1/control.proto


export interface PastMetricInput {
  'metric'?: (string);
  'used'?: (boolean);
  /**
   * Measurements that were foretold both with and without.
   */
  'forecasts'?: (number);
  /**
   * Mean relative error of the latest of them.
   */
  'errorWith'?: (number | string);
  'errorWithout'?: (number | string);
}

export interface PastMetric {
  'metric': (string);
  'used': (boolean);
  /**
   * Measurements that were foretold both with and without.
   */
  'forecasts': (number);
  /**
   * Mean relative error of the latest of them.
   */
  'errorWith': (number);
  'errorWithout': (number);
}
