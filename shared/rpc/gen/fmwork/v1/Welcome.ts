// Original file: proto/fmwork/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface WelcomeInput {
  'sessionId'?: (string);
  /**
   * How long a lease lives without renewal.
   */
  'leaseMs'?: (number);
  'heartbeatMs'?: (number);
  /**
   * Last sequence of this agent that is safely stored; the outbox may forget up to it.
   */
  'acknowledgedSequence'?: (number | string | Long);
  /**
   * Wall clock of the coordinator, epoch milliseconds.
   */
  'clockMs'?: (number | string);
}

export interface Welcome {
  'sessionId': (string);
  /**
   * How long a lease lives without renewal.
   */
  'leaseMs': (number);
  'heartbeatMs': (number);
  /**
   * Last sequence of this agent that is safely stored; the outbox may forget up to it.
   */
  'acknowledgedSequence': (number);
  /**
   * Wall clock of the coordinator, epoch milliseconds.
   */
  'clockMs': (number);
}
