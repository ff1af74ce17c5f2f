// Original file: proto/fmwork/v1/agent.proto

import type { ScalarInput as _fmwork_v1_ScalarInput, Scalar as _fmwork_v1_Scalar } from '../../fmwork/v1/Scalar.js';

/**
 * What trials share: one engine start on one device set.
 */
export interface BlockInput {
  'sweepId'?: (string);
  'model'?: (string);
  /**
   * Engine kind, or kind:name.
   */
  'engine'?: (string);
  'engineArgs'?: ({[key: string]: _fmwork_v1_ScalarInput});
  'hardware'?: (string);
  'tensorParallel'?: (number);
  /**
   * Largest load and prompt plus output tokens the engine must be started for.
   */
  'maxLoad'?: (number | string);
  'maxContextTokens'?: (number);
}

/**
 * What trials share: one engine start on one device set.
 */
export interface Block {
  'sweepId': (string);
  'model': (string);
  /**
   * Engine kind, or kind:name.
   */
  'engine': (string);
  'engineArgs': ({[key: string]: _fmwork_v1_Scalar});
  'hardware': (string);
  'tensorParallel': (number);
  /**
   * Largest load and prompt plus output tokens the engine must be started for.
   */
  'maxLoad': (number);
  'maxContextTokens': (number);
}
