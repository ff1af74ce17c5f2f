// Original file: proto/fmwork/v1/agent.proto


export interface OpenLoopInput {
  /**
   * constant, poisson or gamma.
   */
  'arrivals'?: (string);
  'burstiness'?: (number | string);
}

export interface OpenLoop {
  /**
   * constant, poisson or gamma.
   */
  'arrivals': (string);
  'burstiness': (number);
}
