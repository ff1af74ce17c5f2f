// Original file: proto/fmwork/v1/agent.proto


export interface MeasurementPlanInput {
  'warmups'?: (number);
  'repetitions'?: (number);
  /**
   * Relative half-width at which repetition may stop early.
   */
  'precision'?: (number | string);
  'maxS'?: (number | string);
  'requestTimeoutS'?: (number | string);
}

export interface MeasurementPlan {
  'warmups': (number);
  'repetitions': (number);
  /**
   * Relative half-width at which repetition may stop early.
   */
  'precision': (number);
  'maxS': (number);
  'requestTimeoutS': (number);
}
