import type { Appraised } from './appraise.js'
import { certaintyOf } from './certainty.js'
import { LookAhead } from './look-ahead.js'
import type { Prospect } from './look-ahead.js'

/** What measuring one more deployment would cost and be worth. */
export interface NextMeasurement extends Prospect {
  /** Expected relative gain in work per cost when it and all before it in the list are measured. */
  readonly gainSoFar: number
}

export interface InformationValue {
  /** In the order in which to measure: most worth per device-second first. */
  readonly next: readonly NextMeasurement[]
  readonly deviceSeconds: number
  /** Expected relative gain in work per cost of measuring them all: 0.02 is 2 % more for the same money. */
  readonly gain: number
}

/** How often each configuration of a deployment may be measured. */
const times = [1, 5, 25] as const
/** Expected regret below which nothing more is worth measuring. */
const leastValue = 1e-5

/** Of each deployment the number of measurements that is worth most per device-second; the best first. */
function bestProspects(appraised: Appraised, ahead: LookAhead): Prospect[] {
  const rate = ({ value, deviceSeconds }: Prospect) => value / deviceSeconds
  return appraised.appraisals
    .flatMap((_, which) => {
      const [best] = ahead
        .prospectsOf(which, times)
        .filter(({ value }) => value > leastValue)
        .sort((a, b) => rate(b) - rate(a))
      return best === undefined ? [] : [best]
    })
    .sort((a, b) => rate(b) - rate(a) || a.which - b.which)
}

/** What may be measured for a decision. */
export interface Valued {
  /** Most worth per device-second first. */
  readonly prospects: readonly Prospect[]
  readonly expectedLoss: number
}

/**
 * What is worth measuring for a decision, by its value of information (see LookAhead).
 *
 * @returns no measurement where nothing was ever measured (no trial’s cost is known then), and none
 *   where nothing is eligible: there is nothing yet to be better than.
 */
export function valuedMeasurements(appraised: Appraised): Valued {
  const certainty = certaintyOf(appraised, 0)
  const { chosen, expectedLoss } = certainty
  if (chosen === undefined) return { prospects: [], expectedLoss }
  const { points, trialCost } = appraised.question.knowledge
  const isPriced = (point: number): boolean => {
    const known = points[point]
    return known !== undefined && (trialCost(known.configuration) ?? 0) > 0
  }
  const ahead = new LookAhead(appraised, certainty, isPriced)
  return { prospects: bestProspects(appraised, ahead), expectedLoss }
}

/**
 * As many of the measurements as the budget allows. Their values are added up, and together are no more
 * than what the choice is expected to lose.
 */
export function within(
  { prospects, expectedLoss }: Valued,
  budgetDeviceSeconds: number,
): InformationValue {
  const gainOf = (value: number): number =>
    expectedLoss < 1 ? Math.min(value, expectedLoss) / (1 - expectedLoss) : 0
  const next: NextMeasurement[] = []
  let spent = 0
  let value = 0
  for (const each of prospects) {
    if (spent + each.deviceSeconds > budgetDeviceSeconds) continue
    spent += each.deviceSeconds
    value += each.value
    next.push({ ...each, gainSoFar: gainOf(value) })
  }
  return { next, deviceSeconds: spent, gain: gainOf(value) }
}

/** What the next device-seconds are worth to this decision. */
export const informationValue = (
  appraised: Appraised,
  budgetDeviceSeconds: number,
): InformationValue => within(valuedMeasurements(appraised), budgetDeviceSeconds)
