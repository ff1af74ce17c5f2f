import type { DecisionStatus } from './meta-metrics.js'

/** Is the choice as sure as it is wanted, and expected to lose next to nothing where it is not right. */
export const isDecided = ({
  probability,
  wanted,
  regretAtMost = 0,
  regretAllowed = Infinity,
}: DecisionStatus): boolean => probability >= wanted && regretAtMost <= regretAllowed

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** What the choice may lose, in words; undefined where that was not told. */
export function regretWords({ regretAtMost, regretAllowed }: DecisionStatus): string | undefined {
  if (regretAtMost === undefined) return undefined
  const allowed = regretAllowed === undefined ? '' : `, ${percent(regretAllowed)} allowed`
  return `expected to lose at most ${percent(regretAtMost)}${allowed}`
}
