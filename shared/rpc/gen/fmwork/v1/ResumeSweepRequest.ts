// Original file: proto/fmwork/v1/control.proto


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
  '_goalAccuracy'?: "goalAccuracy";
  '_goalConfidence'?: "goalConfidence";
  '_budgetDeviceHours'?: "budgetDeviceHours";
  '_budgetCostUsd'?: "budgetCostUsd";
  '_budgetTrials'?: "budgetTrials";
  '_budgetWallTimeS'?: "budgetWallTimeS";
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
  '_goalAccuracy'?: "goalAccuracy";
  '_goalConfidence'?: "goalConfidence";
  '_budgetDeviceHours'?: "budgetDeviceHours";
  '_budgetCostUsd'?: "budgetCostUsd";
  '_budgetTrials'?: "budgetTrials";
  '_budgetWallTimeS'?: "budgetWallTimeS";
}
