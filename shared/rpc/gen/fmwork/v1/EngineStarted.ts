// Original file: proto/fmwork/v1/agent.proto

import type { ScalarInput as _fmwork_v1_ScalarInput, Scalar as _fmwork_v1_Scalar } from '../../fmwork/v1/Scalar.js';
import type { CaptureSizesInput as _fmwork_v1_CaptureSizesInput, CaptureSizes as _fmwork_v1_CaptureSizes } from '../../fmwork/v1/CaptureSizes.js';
import type { Long } from '@grpc/proto-loader';

export interface EngineStartedInput {
  'leaseId'?: (string);
  'token'?: (number | string | Long);
  'kind'?: (string);
  'version'?: (string);
  'effectiveArgs'?: ({[key: string]: _fmwork_v1_ScalarInput});
  'kvCapacityTokens'?: (number | string);
  'maxContextTokens'?: (number | string);
  /**
   * Absent when the engine does not say.
   */
  'captureSizes'?: (_fmwork_v1_CaptureSizesInput | null);
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
  /**
   * Absent when the engine does not say.
   */
  'captureSizes': (_fmwork_v1_CaptureSizes | null);
  'startUpS': (number);
  '_kvCapacityTokens'?: "kvCapacityTokens";
  '_maxContextTokens'?: "maxContextTokens";
}
