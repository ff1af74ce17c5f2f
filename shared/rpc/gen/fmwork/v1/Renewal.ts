// Original file: proto/fmwork/v1/agent.proto

import type { HeldLeaseInput as _fmwork_v1_HeldLeaseInput, HeldLease as _fmwork_v1_HeldLease } from '../../fmwork/v1/HeldLease.js';

export interface RenewalInput {
  'leases'?: (_fmwork_v1_HeldLeaseInput)[];
}

export interface Renewal {
  'leases': (_fmwork_v1_HeldLease)[];
}
