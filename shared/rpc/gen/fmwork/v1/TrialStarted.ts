// Original file: proto/fmwork/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface TrialStartedInput {
  'leaseId'?: (string);
  'token'?: (number | string | Long);
  'trialId'?: (string);
  'atMs'?: (number | string);
}

export interface TrialStarted {
  'leaseId': (string);
  'token': (number);
  'trialId': (string);
  'atMs': (number);
}
