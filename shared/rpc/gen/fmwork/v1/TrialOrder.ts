// Original file: proto/fmwork/v1/agent.proto

import type { ConfigurationInput as _fmwork_v1_ConfigurationInput, Configuration as _fmwork_v1_Configuration } from '../../fmwork/v1/Configuration.js';
import type { WorkloadInput as _fmwork_v1_WorkloadInput, Workload as _fmwork_v1_Workload } from '../../fmwork/v1/Workload.js';
import type { MeasurementPlanInput as _fmwork_v1_MeasurementPlanInput, MeasurementPlan as _fmwork_v1_MeasurementPlan } from '../../fmwork/v1/MeasurementPlan.js';
import type { Long } from '@grpc/proto-loader';

export interface TrialOrderInput {
  'trialId'?: (string);
  'configuration'?: (_fmwork_v1_ConfigurationInput | null);
  'workload'?: (_fmwork_v1_WorkloadInput | null);
  /**
   * Metrics wanted, rows of the metric table.
   */
  'metrics'?: (string)[];
  'plan'?: (_fmwork_v1_MeasurementPlanInput | null);
  /**
   * Makes prompts and arrivals repeatable.
   */
  'seed'?: (number | string | Long);
  /**
   * Shorter outputs, in tokens, that the trial's samples shall tell of too.
   */
  'harvestOutputTokens'?: (number)[];
}

export interface TrialOrder {
  'trialId': (string);
  'configuration': (_fmwork_v1_Configuration | null);
  'workload': (_fmwork_v1_Workload | null);
  /**
   * Metrics wanted, rows of the metric table.
   */
  'metrics': (string)[];
  'plan': (_fmwork_v1_MeasurementPlan | null);
  /**
   * Makes prompts and arrivals repeatable.
   */
  'seed': (number);
  /**
   * Shorter outputs, in tokens, that the trial's samples shall tell of too.
   */
  'harvestOutputTokens': (number)[];
}
