// Original file: proto/fmwork/v1/control.proto


export interface PastOriginInput {
  /**
   * A sweep or file.
   */
  'origin'?: (string);
  /**
   * Measurements that were taken of it.
   */
  'rows'?: (number);
}

export interface PastOrigin {
  /**
   * A sweep or file.
   */
  'origin': (string);
  /**
   * Measurements that were taken of it.
   */
  'rows': (number);
}
