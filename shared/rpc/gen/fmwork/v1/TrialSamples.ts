// Original file: proto/fmwork/v1/agent.proto

import type { SampleInput as _fmwork_v1_SampleInput, Sample as _fmwork_v1_Sample } from '../../fmwork/v1/Sample.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Raw records of requests; see shared/domain/sample.ts.
 */
export interface TrialSamplesInput {
  'leaseId'?: (string);
  'token'?: (number | string | Long);
  'trialId'?: (string);
  'samples'?: (_fmwork_v1_SampleInput)[];
}

/**
 * Raw records of requests; see shared/domain/sample.ts.
 */
export interface TrialSamples {
  'leaseId': (string);
  'token': (number);
  'trialId': (string);
  'samples': (_fmwork_v1_Sample)[];
}
