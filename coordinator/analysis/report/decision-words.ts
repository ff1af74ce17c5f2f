import type { DecisionStatus } from '../../../shared/domain/meta-metrics.js'
import { percent } from './units.js'

/** What the choice may lose, in words; undefined where that was not told. */
export function regretWords({ regretAtMost, regretAllowed }: DecisionStatus): string | undefined {
  if (regretAtMost === undefined) return undefined
  const allowed = regretAllowed === undefined ? '' : `, ${percent(regretAllowed)} allowed`
  return `expected to lose at most ${percent(regretAtMost)}${allowed}`
}
