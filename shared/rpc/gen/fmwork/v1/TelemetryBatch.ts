// Original file: proto/fmwork/v1/agent.proto

import type { TelemetryReadingInput as _fmwork_v1_TelemetryReadingInput, TelemetryReading as _fmwork_v1_TelemetryReading } from '../../fmwork/v1/TelemetryReading.js';

export interface TelemetryBatchInput {
  /**
   * Absent between trials.
   */
  'trialId'?: (string);
  'readings'?: (_fmwork_v1_TelemetryReadingInput)[];
  '_trialId'?: "trialId";
}

export interface TelemetryBatch {
  /**
   * Absent between trials.
   */
  'trialId'?: (string);
  'readings': (_fmwork_v1_TelemetryReading)[];
  '_trialId'?: "trialId";
}
