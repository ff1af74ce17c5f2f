// Original file: proto/fmwork/v1/control.proto

import type { DecisionAlternativeInput as _fmwork_v1_DecisionAlternativeInput, DecisionAlternative as _fmwork_v1_DecisionAlternative } from '../../fmwork/v1/DecisionAlternative.js';

/**
 * Which deployment is best, and how sure that is.
 */
export interface DecisionInput {
  /**
   * What is to be as small as possible per output token.
   */
  'objective'?: (string);
  /**
   * Of the deployment, in words; absent, as what follows from it, where none meets the limits.
   */
  'chosen'?: (string);
  /**
   * In 0..1: no other deployment that meets the limits costs less by more than the tolerance.
   */
  'probability'?: (number | string);
  /**
   * Probability at which the sweep may stop.
   */
  'wanted'?: (number | string);
  /**
   * Relative cost by which two deployments count as equally good.
   */
  'tolerance'?: (number | string);
  /**
   * In 0..1: the chosen one runs and meets the limits.
   */
  'meetsProbability'?: (number | string);
  /**
   * Share of the best one's work for the same cost that the chosen one is expected to lose.
   */
  'expectedRegret'?: (number | string);
  /**
   * What the choice is expected to lose most to, in words; absent where nothing is in doubt.
   */
  'challenger'?: (string);
  /**
   * Upper end, with 95 %, of the mean share of the best one's work that the choice loses, nothing counted
   * where it is right.
   */
  'regretAtMost'?: (number | string);
  /**
   * What regret_at_most may be for the choice to be one.
   */
  'regretAllowed'?: (number | string);
  /**
   * How far the chosen one may lie above a limit, as a share of the limit: upper end, with 95 %.
   */
  'excessAtMost'?: (number | string);
  /**
   * Absent where no limit is what leaves the choice open.
   */
  'alternative'?: (_fmwork_v1_DecisionAlternativeInput | null);
  '_chosen'?: "chosen";
  '_meetsProbability'?: "meetsProbability";
  '_expectedRegret'?: "expectedRegret";
  '_challenger'?: "challenger";
  '_regretAtMost'?: "regretAtMost";
  '_regretAllowed'?: "regretAllowed";
  '_excessAtMost'?: "excessAtMost";
}

/**
 * Which deployment is best, and how sure that is.
 */
export interface Decision {
  /**
   * What is to be as small as possible per output token.
   */
  'objective': (string);
  /**
   * Of the deployment, in words; absent, as what follows from it, where none meets the limits.
   */
  'chosen'?: (string);
  /**
   * In 0..1: no other deployment that meets the limits costs less by more than the tolerance.
   */
  'probability': (number);
  /**
   * Probability at which the sweep may stop.
   */
  'wanted': (number);
  /**
   * Relative cost by which two deployments count as equally good.
   */
  'tolerance': (number);
  /**
   * In 0..1: the chosen one runs and meets the limits.
   */
  'meetsProbability'?: (number);
  /**
   * Share of the best one's work for the same cost that the chosen one is expected to lose.
   */
  'expectedRegret'?: (number);
  /**
   * What the choice is expected to lose most to, in words; absent where nothing is in doubt.
   */
  'challenger'?: (string);
  /**
   * Upper end, with 95 %, of the mean share of the best one's work that the choice loses, nothing counted
   * where it is right.
   */
  'regretAtMost'?: (number);
  /**
   * What regret_at_most may be for the choice to be one.
   */
  'regretAllowed'?: (number);
  /**
   * How far the chosen one may lie above a limit, as a share of the limit: upper end, with 95 %.
   */
  'excessAtMost'?: (number);
  /**
   * Absent where no limit is what leaves the choice open.
   */
  'alternative': (_fmwork_v1_DecisionAlternative | null);
  '_chosen'?: "chosen";
  '_meetsProbability'?: "meetsProbability";
  '_expectedRegret'?: "expectedRegret";
  '_challenger'?: "challenger";
  '_regretAtMost'?: "regretAtMost";
  '_regretAllowed'?: "regretAllowed";
  '_excessAtMost'?: "excessAtMost";
}
