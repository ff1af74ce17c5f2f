// Original file: proto/fmwork/v1/common.proto

import type { ScalarInput as _fmwork_v1_ScalarInput, Scalar as _fmwork_v1_Scalar } from '../../fmwork/v1/Scalar.js';

/**
 * One point of an experiment space.
 */
export interface ConfigurationInput {
  /**
   * Model name or path as the sweep writes it.
   */
  'model'?: (string);
  /**
   * Engine kind, or kind:name where a sweep has several of one kind.
   */
  'engine'?: (string);
  'engineArgs'?: ({[key: string]: _fmwork_v1_ScalarInput});
  /**
   * Hardware class, such as H100.
   */
  'hardware'?: (string);
  /**
   * Devices that share one copy of the model.
   */
  'tensorParallel'?: (number);
  /**
   * Batch size, concurrency or requests per second, as the workload says.
   */
  'load'?: (number | string);
  /**
   * Prompt length in tokens.
   */
  'inputTokens'?: (number);
  /**
   * Generated length in tokens.
   */
  'outputTokens'?: (number);
}

/**
 * One point of an experiment space.
 */
export interface Configuration {
  /**
   * Model name or path as the sweep writes it.
   */
  'model': (string);
  /**
   * Engine kind, or kind:name where a sweep has several of one kind.
   */
  'engine': (string);
  'engineArgs': ({[key: string]: _fmwork_v1_Scalar});
  /**
   * Hardware class, such as H100.
   */
  'hardware': (string);
  /**
   * Devices that share one copy of the model.
   */
  'tensorParallel': (number);
  /**
   * Batch size, concurrency or requests per second, as the workload says.
   */
  'load': (number);
  /**
   * Prompt length in tokens.
   */
  'inputTokens': (number);
  /**
   * Generated length in tokens.
   */
  'outputTokens': (number);
}
