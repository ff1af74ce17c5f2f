// Original file: proto/fmwork/v1/agent.proto

import type { TrialStartedInput as _fmwork_v1_TrialStartedInput, TrialStarted as _fmwork_v1_TrialStarted } from '../../fmwork/v1/TrialStarted.js';
import type { TrialSamplesInput as _fmwork_v1_TrialSamplesInput, TrialSamples as _fmwork_v1_TrialSamples } from '../../fmwork/v1/TrialSamples.js';
import type { TrialResultInput as _fmwork_v1_TrialResultInput, TrialResult as _fmwork_v1_TrialResult } from '../../fmwork/v1/TrialResult.js';
import type { TelemetryBatchInput as _fmwork_v1_TelemetryBatchInput, TelemetryBatch as _fmwork_v1_TelemetryBatch } from '../../fmwork/v1/TelemetryBatch.js';
import type { EngineStartedInput as _fmwork_v1_EngineStartedInput, EngineStarted as _fmwork_v1_EngineStarted } from '../../fmwork/v1/EngineStarted.js';
import type { TrialCutInput as _fmwork_v1_TrialCutInput, TrialCut as _fmwork_v1_TrialCut } from '../../fmwork/v1/TrialCut.js';

export interface ReportItemInput {
  'trialStarted'?: (_fmwork_v1_TrialStartedInput | null);
  'trialSamples'?: (_fmwork_v1_TrialSamplesInput | null);
  'trialResult'?: (_fmwork_v1_TrialResultInput | null);
  'telemetry'?: (_fmwork_v1_TelemetryBatchInput | null);
  'engineStarted'?: (_fmwork_v1_EngineStartedInput | null);
  'trialCut'?: (_fmwork_v1_TrialCutInput | null);
  'item'?: "trialStarted"|"trialSamples"|"trialResult"|"telemetry"|"engineStarted"|"trialCut";
}

export interface ReportItem {
  'trialStarted'?: (_fmwork_v1_TrialStarted | null);
  'trialSamples'?: (_fmwork_v1_TrialSamples | null);
  'trialResult'?: (_fmwork_v1_TrialResult | null);
  'telemetry'?: (_fmwork_v1_TelemetryBatch | null);
  'engineStarted'?: (_fmwork_v1_EngineStarted | null);
  'trialCut'?: (_fmwork_v1_TrialCut | null);
  'item'?: "trialStarted"|"trialSamples"|"trialResult"|"telemetry"|"engineStarted"|"trialCut";
}
