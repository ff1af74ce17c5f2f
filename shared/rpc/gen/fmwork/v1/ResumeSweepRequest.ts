// Original file: proto/fmwork/v1/control.proto

import type { DecisionGoalInput as _fmwork_v1_DecisionGoalInput, DecisionGoal as _fmwork_v1_DecisionGoal } from '../../fmwork/v1/DecisionGoal.js';

/**
 * Goes on. With any of the other fields set, a completed sweep goes on too, to that goal and budget.
 */
export interface ResumeSweepRequestInput {
  'sweep'?: (string);
  'goalAccuracy'?: (number | string);
  'goalConfidence'?: (number | string);
  'budgetDeviceHours'?: (number | string);
  'budgetCostUsd'?: (number | string);
  'budgetTrials'?: (number);
  'budgetWallTimeS'?: (number | string);
  /**
   * Another decision to end with, as a whole.
   */
  'goalDecision'?: (_fmwork_v1_DecisionGoalInput | null);
  /**
   * The sweep is to end without a decision from now on; goal_decision is not looked at then.
   */
  'dropDecision'?: (boolean);
  '_goalAccuracy'?: "goalAccuracy";
  '_goalConfidence'?: "goalConfidence";
  '_budgetDeviceHours'?: "budgetDeviceHours";
  '_budgetCostUsd'?: "budgetCostUsd";
  '_budgetTrials'?: "budgetTrials";
  '_budgetWallTimeS'?: "budgetWallTimeS";
  '_goalDecision'?: "goalDecision";
}

/**
 * Goes on. With any of the other fields set, a completed sweep goes on too, to that goal and budget.
 */
export interface ResumeSweepRequest {
  'sweep': (string);
  'goalAccuracy'?: (number);
  'goalConfidence'?: (number);
  'budgetDeviceHours'?: (number);
  'budgetCostUsd'?: (number);
  'budgetTrials'?: (number);
  'budgetWallTimeS'?: (number);
  /**
   * Another decision to end with, as a whole.
   */
  'goalDecision'?: (_fmwork_v1_DecisionGoal | null);
  /**
   * The sweep is to end without a decision from now on; goal_decision is not looked at then.
   */
  'dropDecision': (boolean);
  '_goalAccuracy'?: "goalAccuracy";
  '_goalConfidence'?: "goalConfidence";
  '_budgetDeviceHours'?: "budgetDeviceHours";
  '_budgetCostUsd'?: "budgetCostUsd";
  '_budgetTrials'?: "budgetTrials";
  '_budgetWallTimeS'?: "budgetWallTimeS";
  '_goalDecision'?: "goalDecision";
}
