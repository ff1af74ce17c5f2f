// Original file: proto/fmwork/v1/agent.proto

import type { HeldLeaseInput as _fmwork_v1_HeldLeaseInput, HeldLease as _fmwork_v1_HeldLease } from '../../fmwork/v1/HeldLease.js';

/**
 * The agent can take work: trials of the lease it holds, or a new lease. Asking again before an
 * answer gets the same answer.
 */
export interface WorkRequestInput {
  /**
   * Absent when the agent holds no lease.
   */
  'held'?: (_fmwork_v1_HeldLeaseInput | null);
  /**
   * Trials the agent can queue; it runs them one after another.
   */
  'capacity'?: (number);
  '_held'?: "held";
}

/**
 * The agent can take work: trials of the lease it holds, or a new lease. Asking again before an
 * answer gets the same answer.
 */
export interface WorkRequest {
  /**
   * Absent when the agent holds no lease.
   */
  'held'?: (_fmwork_v1_HeldLease | null);
  /**
   * Trials the agent can queue; it runs them one after another.
   */
  'capacity': (number);
  '_held'?: "held";
}
