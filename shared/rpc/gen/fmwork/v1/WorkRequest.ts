// Original file: proto/fmwork/v1/agent.proto

import type { HeldLeaseInput as _fmwork_v1_HeldLeaseInput, HeldLease as _fmwork_v1_HeldLease } from '../../fmwork/v1/HeldLease.js';

/**
 * The agent can take work: trials of the lease it holds, or a new lease. Asking again before an
 * answer gets the same answer.
 */
export interface WorkRequestInput {
  /**
   * The lease that more trials are wanted for; absent to ask for a lease.
   */
  'held'?: (_fmwork_v1_HeldLeaseInput | null);
  /**
   * Trials the agent can queue under that lease; it runs them one after another.
   */
  'capacity'?: (number);
  /**
   * Leases that the agent serves beside the one asked about, on devices of their own.
   */
  'others'?: (_fmwork_v1_HeldLeaseInput)[];
  /**
   * Devices that a new lease may take; absent: all of the agent's.
   */
  'freeDevices'?: (number);
  '_held'?: "held";
  '_freeDevices'?: "freeDevices";
}

/**
 * The agent can take work: trials of the lease it holds, or a new lease. Asking again before an
 * answer gets the same answer.
 */
export interface WorkRequest {
  /**
   * The lease that more trials are wanted for; absent to ask for a lease.
   */
  'held'?: (_fmwork_v1_HeldLease | null);
  /**
   * Trials the agent can queue under that lease; it runs them one after another.
   */
  'capacity': (number);
  /**
   * Leases that the agent serves beside the one asked about, on devices of their own.
   */
  'others': (_fmwork_v1_HeldLease)[];
  /**
   * Devices that a new lease may take; absent: all of the agent's.
   */
  'freeDevices'?: (number);
  '_held'?: "held";
  '_freeDevices'?: "freeDevices";
}
