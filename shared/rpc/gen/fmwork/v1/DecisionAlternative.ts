// Original file: proto/fmwork/v1/control.proto


/**
 * The other choice where a limit itself is what cannot be told: cheaper and perhaps a hair beyond the limit,
 * or dearer and surely within it.
 */
export interface DecisionAlternativeInput {
  /**
   * In words.
   */
  'deployment'?: (string);
  /**
   * In 0..1: it runs and meets the limits.
   */
  'meetsProbability'?: (number | string);
  /**
   * How far it may lie above a limit, as a share of the limit: upper end, with 95 %.
   */
  'excessAtMost'?: (number | string);
  /**
   * Its cost per output token over that of the chosen one; absent where nothing is chosen.
   */
  'costRatio'?: (number | string);
  '_costRatio'?: "costRatio";
}

/**
 * The other choice where a limit itself is what cannot be told: cheaper and perhaps a hair beyond the limit,
 * or dearer and surely within it.
 */
export interface DecisionAlternative {
  /**
   * In words.
   */
  'deployment': (string);
  /**
   * In 0..1: it runs and meets the limits.
   */
  'meetsProbability': (number);
  /**
   * How far it may lie above a limit, as a share of the limit: upper end, with 95 %.
   */
  'excessAtMost': (number);
  /**
   * Its cost per output token over that of the chosen one; absent where nothing is chosen.
   */
  'costRatio'?: (number);
  '_costRatio'?: "costRatio";
}
