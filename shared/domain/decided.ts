import type { DecisionStatus } from './meta-metrics.js'

/** Is the choice as sure as it is wanted, and expected to lose next to nothing where it is not right. */
export const isDecided = ({
  probability,
  wanted,
  regretAtMost = 0,
  regretAllowed = Infinity,
}: DecisionStatus): boolean => probability >= wanted && regretAtMost <= regretAllowed
