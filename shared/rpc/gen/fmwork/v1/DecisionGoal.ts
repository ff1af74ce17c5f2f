// Original file: proto/fmwork/v1/control.proto


/**
 * goal.decision of a sweep file; what is absent has that file's default.
 */
export interface DecisionGoalInput {
  /**
   * device-seconds, usd or user-seconds per output token.
   */
  'objective'?: (string);
  'inputTokens'?: (number);
  'outputTokens'?: (number);
  /**
   * In 0..1: that nothing better than the chosen deployment is missed.
   */
  'probability'?: (number | string);
  /**
   * Relative cost by which two deployments count as equally good.
   */
  'tolerance'?: (number | string);
  '_objective'?: "objective";
  '_inputTokens'?: "inputTokens";
  '_outputTokens'?: "outputTokens";
  '_probability'?: "probability";
  '_tolerance'?: "tolerance";
}

/**
 * goal.decision of a sweep file; what is absent has that file's default.
 */
export interface DecisionGoal {
  /**
   * device-seconds, usd or user-seconds per output token.
   */
  'objective'?: (string);
  'inputTokens'?: (number);
  'outputTokens'?: (number);
  /**
   * In 0..1: that nothing better than the chosen deployment is missed.
   */
  'probability'?: (number);
  /**
   * Relative cost by which two deployments count as equally good.
   */
  'tolerance'?: (number);
  '_objective'?: "objective";
  '_inputTokens'?: "inputTokens";
  '_outputTokens'?: "outputTokens";
  '_probability'?: "probability";
  '_tolerance'?: "tolerance";
}
