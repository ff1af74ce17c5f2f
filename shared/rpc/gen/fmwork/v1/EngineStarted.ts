// Original file: proto/fmwork/v1/agent.proto

import type { ScalarInput as _fmwork_v1_ScalarInput, Scalar as _fmwork_v1_Scalar } from '../../fmwork/v1/Scalar.js';
import type { Long } from '@grpc/proto-loader';

export interface EngineStartedInput {
  'leaseId'?: (string);
  'token'?: (number | string | Long);
  'kind'?: (string);
  'version'?: (string);
  'effectiveArgs'?: ({[key: string]: _fmwork_v1_ScalarInput});
  'kvCapacityTokens'?: (number | string);
  'maxContextTokens'?: (number | string);
  'captureSizes'?: (number | string)[];
  'startUpS'?: (number | string);
  '_kvCapacityTokens'?: "kvCapacityTokens";
  '_maxContextTokens'?: "maxContextTokens";
}

export interface EngineStarted {
  'leaseId': (string);
  'token': (number);
  'kind': (string);
  'version': (string);
  'effectiveArgs': ({[key: string]: _fmwork_v1_Scalar});
  'kvCapacityTokens'?: (number);
  'maxContextTokens'?: (number);
  'captureSizes': (number)[];
  'startUpS': (number);
  '_kvCapacityTokens'?: "kvCapacityTokens";
  '_maxContextTokens'?: "maxContextTokens";
}
