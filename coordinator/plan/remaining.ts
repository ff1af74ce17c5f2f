/** What is known on the way to a goal; costs in device-seconds. */
export interface Progress {
  readonly spent: number
  /** Relative error that the surface has now, as far as it knows; NaN when it does not. */
  readonly error: number
  /** Error at which the sweep may stop. */
  readonly target: number
  readonly audits: number
  readonly auditsNeeded: number
  /** Mean cost of one audit. */
  readonly auditCost: number
  readonly auditShare: number
  /** What measuring all the rest would cost. */
  readonly rest: number
}

/**
 * Errors fall about with this power of what was spent: between 0.4 and 0.9 on recorded grids, at
 * budgets from 1 to 20 % of the full grid.
 */
const learningPower = 0.6

/**
 * Device-seconds that the goal still needs at the present rate, never more than measuring all the
 * rest. Undefined before anything is known.
 */
export function remainingDeviceSeconds(progress: Progress): number | undefined {
  const { spent, error, target, audits, auditsNeeded, auditCost, auditShare, rest } = progress
  if (spent <= 0 || !Number.isFinite(error)) return undefined
  const growth = (Math.max(error, target) / target) ** (1 / learningPower)
  const toLearn = spent * (growth - 1)
  // Audits come at their share of the cost, so the missing ones bring exploration with them.
  const toAudit = auditShare > 0 ? (Math.max(0, auditsNeeded - audits) * auditCost) / auditShare : 0
  return Math.min(Math.max(toLearn, toAudit), rest)
}
