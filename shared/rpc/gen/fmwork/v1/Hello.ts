// Original file: proto/fmwork/v1/agent.proto

import type { EnvironmentInput as _fmwork_v1_EnvironmentInput, Environment as _fmwork_v1_Environment } from '../../fmwork/v1/Environment.js';
import type { HeldLeaseInput as _fmwork_v1_HeldLeaseInput, HeldLease as _fmwork_v1_HeldLease } from '../../fmwork/v1/HeldLease.js';

/**
 * First message of a session.
 */
export interface HelloInput {
  /**
   * Chosen by the operator, stable over restarts; at most one live session per name.
   */
  'agent'?: (string);
  /**
   * Protocol version; the coordinator refuses another major.
   */
  'protocol'?: (number);
  /**
   * Hardware class, such as H100 or cpu.
   */
  'hardware'?: (string);
  'deviceCount'?: (number);
  /**
   * Engine kinds that the agent's own configuration allows.
   */
  'engines'?: (string)[];
  'environment'?: (_fmwork_v1_EnvironmentInput | null);
  /**
   * Wall clock of the agent, epoch milliseconds: gives the offset between nodes.
   */
  'clockMs'?: (number | string);
  /**
   * Leases that the agent still holds from an earlier session.
   */
  'held'?: (_fmwork_v1_HeldLeaseInput)[];
  /**
   * SHA-256 of the data files that the agent's own configuration lets a workload use.
   */
  'data'?: (string)[];
}

/**
 * First message of a session.
 */
export interface Hello {
  /**
   * Chosen by the operator, stable over restarts; at most one live session per name.
   */
  'agent': (string);
  /**
   * Protocol version; the coordinator refuses another major.
   */
  'protocol': (number);
  /**
   * Hardware class, such as H100 or cpu.
   */
  'hardware': (string);
  'deviceCount': (number);
  /**
   * Engine kinds that the agent's own configuration allows.
   */
  'engines': (string)[];
  'environment': (_fmwork_v1_Environment | null);
  /**
   * Wall clock of the agent, epoch milliseconds: gives the offset between nodes.
   */
  'clockMs': (number);
  /**
   * Leases that the agent still holds from an earlier session.
   */
  'held': (_fmwork_v1_HeldLease)[];
  /**
   * SHA-256 of the data files that the agent's own configuration lets a workload use.
   */
  'data': (string)[];
}
