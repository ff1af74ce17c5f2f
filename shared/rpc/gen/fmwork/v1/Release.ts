// Original file: proto/fmwork/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface ReleaseInput {
  'leaseId'?: (string);
  'token'?: (number | string | Long);
}

export interface Release {
  'leaseId': (string);
  'token': (number);
}
