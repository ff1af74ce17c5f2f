// Original file: proto/fmwork/v1/control.proto

import type { ConfigurationInput as _fmwork_v1_ConfigurationInput, Configuration as _fmwork_v1_Configuration } from '../../fmwork/v1/Configuration.js';
import type { MeasurementInput as _fmwork_v1_MeasurementInput, Measurement as _fmwork_v1_Measurement } from '../../fmwork/v1/Measurement.js';

export interface TrialEndedInput {
  'trialId'?: (string);
  'configuration'?: (_fmwork_v1_ConfigurationInput | null);
  /**
   * explore, audit, repeat or verify.
   */
  'purpose'?: (string);
  /**
   * SUCCEEDED, INFEASIBLE, FAILED or ABANDONED.
   */
  'state'?: (string);
  'reason'?: (string);
  'attempt'?: (number);
  'measurement'?: (_fmwork_v1_MeasurementInput | null);
  'agent'?: (string);
  'endedAtMs'?: (number | string);
  '_measurement'?: "measurement";
}

export interface TrialEnded {
  'trialId': (string);
  'configuration': (_fmwork_v1_Configuration | null);
  /**
   * explore, audit, repeat or verify.
   */
  'purpose': (string);
  /**
   * SUCCEEDED, INFEASIBLE, FAILED or ABANDONED.
   */
  'state': (string);
  'reason': (string);
  'attempt': (number);
  'measurement'?: (_fmwork_v1_Measurement | null);
  'agent': (string);
  'endedAtMs': (number);
  '_measurement'?: "measurement";
}
