// Original file: proto/fmwork/v1/control.proto

import type { ConfigurationInput as _fmwork_v1_ConfigurationInput, Configuration as _fmwork_v1_Configuration } from '../../fmwork/v1/Configuration.js';
import type { PastValueInput as _fmwork_v1_PastValueInput, PastValue as _fmwork_v1_PastValue } from '../../fmwork/v1/PastValue.js';

/**
 * What an earlier sweep, or another tool, measured.
 */
export interface PastRowInput {
  /**
   * The sweep or file that it is from.
   */
  'origin'?: (string);
  'configuration'?: (_fmwork_v1_ConfigurationInput | null);
  'values'?: (_fmwork_v1_PastValueInput)[];
  'costDeviceS'?: (number | string);
}

/**
 * What an earlier sweep, or another tool, measured.
 */
export interface PastRow {
  /**
   * The sweep or file that it is from.
   */
  'origin': (string);
  'configuration': (_fmwork_v1_Configuration | null);
  'values': (_fmwork_v1_PastValue)[];
  'costDeviceS': (number);
}
