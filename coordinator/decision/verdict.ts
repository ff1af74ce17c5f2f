import { contendersOf } from './contenders.js'
import { drawn, estimate } from './appraise.js'
import type { Appraised, Question } from './appraise.js'
import { certaintyOf } from './certainty.js'
import type { Certainty } from './certainty.js'
import { LookAhead } from './look-ahead.js'
import type { Prospect } from './look-ahead.js'

/** Expected loss, at most, with which a choice is told as one. */
export const regretAllowed = 0.005

/** How often a configuration may be told to be measured before there is a choice. */
const ladder = [1, 4, 16, 64, 256, 1024] as const
/** Deployments that are told to be measured. */
const mostMeasured = 6
/** Of what measuring for ever would be worth, the share that suffices. */
const enough = 0.9

/** Looks at those that may be the best: the choice, how sure it is, and what was left aside as hopeless. */
export interface View {
  readonly appraised: Appraised
  readonly certainty: Certainty
}

/** @throws FmworkError USAGE as estimate. */
export function viewOf(question: Question, tolerance: number): View {
  const appraised = drawn(contendersOf(estimate(question)))
  return { appraised, certainty: certaintyOf(appraised, tolerance) }
}

/** Is the choice good enough to be told as one: its expected loss is surely small. */
export const isTold = ({ lossAtMost }: Certainty): boolean => lossAtMost <= regretAllowed

/** What to measure before there is a choice. */
export interface MeasureFirst {
  /** In the order of their worth per device-second. */
  readonly measure: readonly Prospect[]
  readonly deviceSeconds: number
  /** Expected loss that would be left, by estimate. */
  readonly leaves: number
}

/** The fewest measurements that make a prospect worth what is missing, or nearly all it can be worth. */
function sufficient(ahead: LookAhead, which: number, missing: number): Prospect | undefined {
  const all = ladder.flatMap((times) => ahead.prospect(which, times) ?? [])
  const most = Math.max(0, ...all.map(({ value }) => value))
  return all.find(({ value }) => value > 0 && value >= Math.min(missing, enough * most))
}

/** Which measurements would make the choice one that can be told, and what they cost. */
export function measureFirst({ appraised, certainty }: View): MeasureFirst {
  const ahead = new LookAhead(appraised, certainty, () => true)
  const { chosen, rivals, expectedLoss } = certainty
  const contenders = [
    ...(chosen === undefined ? [] : [chosen]),
    ...rivals.slice(0, mostMeasured).map(({ which }) => which),
  ]
  let leaves = expectedLoss
  const open = contenders
    .flatMap((which) => sufficient(ahead, which, Math.max(0, expectedLoss - regretAllowed)) ?? [])
    .sort((a, b) => b.value / b.deviceSeconds - a.value / a.deviceSeconds)
  const measure: Prospect[] = []
  for (const each of open) {
    if (leaves <= regretAllowed) break
    measure.push(each)
    leaves = Math.max(0, leaves - each.value)
  }
  return {
    measure,
    deviceSeconds: measure.reduce((sum, each) => sum + each.deviceSeconds, 0),
    leaves,
  }
}
