// Original file: proto/fmwork/v1/agent.proto


/**
 * Sent for every heartbeat: a coordinator that falls silent is as good as gone.
 */
export interface HeartbeatAnswerInput {
  /**
   * clock_ms of the heartbeat answered: gives the round trip.
   */
  'heartbeatClockMs'?: (number | string);
  /**
   * Wall clock of the coordinator, epoch milliseconds.
   */
  'clockMs'?: (number | string);
}

/**
 * Sent for every heartbeat: a coordinator that falls silent is as good as gone.
 */
export interface HeartbeatAnswer {
  /**
   * clock_ms of the heartbeat answered: gives the round trip.
   */
  'heartbeatClockMs': (number);
  /**
   * Wall clock of the coordinator, epoch milliseconds.
   */
  'clockMs': (number);
}
