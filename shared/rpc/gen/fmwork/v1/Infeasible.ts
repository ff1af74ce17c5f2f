// Original file: proto/fmwork/v1/agent.proto


/**
 * The configuration cannot run here. A result, not a fault.
 */
export interface InfeasibleInput {
  'reason'?: (string);
  'deviceSeconds'?: (number | string);
}

/**
 * The configuration cannot run here. A result, not a fault.
 */
export interface Infeasible {
  'reason': (string);
  'deviceSeconds': (number);
}
