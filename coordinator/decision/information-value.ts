import type { Appraised } from './appraise.js'
import { expectedWorth, isEligible, worthIn } from './recommend.js'
import type { Knowledge } from './point.js'

/** What measuring one more deployment would cost and be worth. */
export interface NextMeasurement {
  readonly which: number
  /** Configurations to measure, by number of the knowledge’s points. */
  readonly points: readonly number[]
  readonly deviceSeconds: number
  /** Expected relative gain in work per cost when it and all before it in the list are known. */
  readonly gainSoFar: number
}

export interface InformationValue {
  /** In the order in which to measure: most gain per device-second first. */
  readonly next: readonly NextMeasurement[]
  readonly deviceSeconds: number
  /** Expected relative gain in work per cost of knowing them all: 0.02 is 2 % more for the same money. */
  readonly gain: number
}

/** Deployments looked at: those with the most expected work, and those best in some world. */
const contenders = 64
const mostMeasurements = 40
/** Relative gain below which nothing more is worth measuring. */
const leastGain = 1e-5

function contendersOf(appraised: Appraised, worth: Float64Array): number[] {
  const { appraisals, worlds } = appraised
  const chosen = new Set<number>()
  for (let world = 0; world < worlds.count; world += 1) {
    let best = -1
    let top = 0
    for (let k = 0; k < appraisals.length; k += 1) {
      const value = worthIn(appraised, world, k)
      if (value > top) [best, top] = [k, value]
    }
    if (best >= 0) chosen.add(best)
  }
  const ranking = Array.from(worth, (_, k) => k)
    .sort((a, b) => (worth[b] as number) - (worth[a] as number))
    .slice(0, contenders)
  return [...new Set([...ranking, ...chosen])]
}

/** What is not measured yet of a deployment; all of it once it is: then it is measured again. */
function toMeasure({ points }: Knowledge, deployment: readonly number[]): readonly number[] {
  const open = deployment.filter((point) => points[point]?.measured !== true)
  return open.length > 0 ? open : deployment
}

/**
 * What the next device-seconds are worth to this decision: expected value of perfect information
 * about sets of deployments, chosen greedily by gain per device-second within the budget. What is
 * measured is then known; what is not keeps its expectation (that neighbours become better known
 * too is left out, that a measurement has noise of its own as well).
 *
 * @returns no measurement where nothing was ever measured (no trial’s cost is known then), and none
 *   where nothing is eligible: there is nothing yet to be better than.
 */
export function informationValue(
  appraised: Appraised,
  budgetDeviceSeconds: number,
): InformationValue {
  const { appraisals, worlds, question } = appraised
  const { knowledge } = question
  const worth = expectedWorth(appraised)
  const eligible = appraisals
    .flatMap((each, k) => (isEligible(each) ? [k] : []))
    .sort((a, b) => (worth[b] as number) - (worth[a] as number))
  const taken = new Set<number>()
  /** The most expected work among what is not measured next. */
  const bestOfRest = (without: number): number => {
    const best = eligible.find((k) => k !== without && !taken.has(k))
    return best === undefined ? 0 : (worth[best] as number)
  }
  const now = bestOfRest(-1)
  const open = contendersOf(appraised, worth).flatMap((which) => {
    const points = toMeasure(knowledge, appraisals[which]?.deployment.points ?? [])
    const costs = points.map((point) => {
      const { configuration } = knowledge.points[point] as Knowledge['points'][number]
      return knowledge.trialCost(configuration)
    })
    const deviceSeconds = costs.reduce<number>((sum, cost) => sum + (cost ?? NaN), 0)
    return !(deviceSeconds > 0) ? [] : [{ which, points, deviceSeconds }]
  })
  /** By world: the best of what is known for sure by then. */
  const known = new Float64Array(worlds.count)
  const valueWith = (which: number): number => {
    const rest = bestOfRest(which)
    let sum = 0
    for (let world = 0; world < worlds.count; world += 1) {
      sum += Math.max(known[world] as number, worthIn(appraised, world, which), rest)
    }
    return sum / worlds.count
  }
  const relative = (value: number): number => (now > 0 ? Math.max(0, value / now - 1) : 0)
  const next: NextMeasurement[] = []
  let spent = 0
  let value = now
  while (now > 0 && next.length < mostMeasurements) {
    let pick: (typeof open)[number] | undefined
    let pickValue = value
    let pickRate = 0
    for (const each of open) {
      if (taken.has(each.which) || spent + each.deviceSeconds > budgetDeviceSeconds) continue
      const found = valueWith(each.which)
      const rate = (found - value) / each.deviceSeconds
      if (rate > pickRate) [pick, pickValue, pickRate] = [each, found, rate]
    }
    if (pick === undefined || pickValue - value <= leastGain * value) break
    taken.add(pick.which)
    for (let world = 0; world < worlds.count; world += 1) {
      known[world] = Math.max(known[world] as number, worthIn(appraised, world, pick.which))
    }
    spent += pick.deviceSeconds
    value = pickValue
    next.push({ ...pick, gainSoFar: relative(value) })
  }
  return { next, deviceSeconds: spent, gain: relative(value) }
}
