// Original file: proto/fmwork/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface HeldLeaseInput {
  'leaseId'?: (string);
  'token'?: (number | string | Long);
}

export interface HeldLease {
  'leaseId': (string);
  'token': (number);
}
