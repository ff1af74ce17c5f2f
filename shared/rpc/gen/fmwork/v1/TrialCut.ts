// Original file: proto/fmwork/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The trial was ended without a result (revoked, or the agent stops): what it cost all the same.
 */
export interface TrialCutInput {
  'leaseId'?: (string);
  'token'?: (number | string | Long);
  'trialId'?: (string);
  'deviceSeconds'?: (number | string);
}

/**
 * The trial was ended without a result (revoked, or the agent stops): what it cost all the same.
 */
export interface TrialCut {
  'leaseId': (string);
  'token': (number);
  'trialId': (string);
  'deviceSeconds': (number);
}
