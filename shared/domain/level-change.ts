import type { Interval, LevelChange } from './meta-metrics.js'
import type { TrialPurpose, TrialState } from './trial.js'

/** Measured by the agent of a change, later than anything known to be of its old level. */
export const isAfter = (
  { agent: changed, after }: Pick<LevelChange, 'agent' | 'after'>,
  agent: string,
  at: number,
): boolean => at > after && (changed === undefined || agent === changed)

/** Measurements of one agent, or of every one, that began later than `after` and not later than `upTo`: epoch milliseconds. */
export interface MeasuredSpan {
  readonly agent?: string
  readonly after: number
  readonly upTo: number
}

/** Where the suspect side of a change lies. */
export function suspectSpan({ agent, after, suspect }: LevelChange): MeasuredSpan {
  const span =
    suspect === 'before' ? { after: -1, upTo: after } : { after, upTo: Number.MAX_SAFE_INTEGER }
  return agent === undefined ? span : { agent, ...span }
}

/** What is to be known of a trial to say whether it is suspect. */
export interface SuspectTrial {
  readonly state: TrialState
  readonly purpose: TrialPurpose
  readonly agent: string
  /** Start of its measured window, epoch milliseconds; undefined where nothing was measured. */
  readonly measuredAt?: number | undefined
}

/** The changes that make a trial suspect. Those that verify are no part of what the surface stands on. */
export function changesSuspecting(
  { state, purpose, agent, measuredAt }: SuspectTrial,
  changes: readonly LevelChange[],
): readonly LevelChange[] {
  if (state !== 'SUCCEEDED' || purpose === 'verify' || measuredAt === undefined) return []
  return changes.filter((change) => {
    const { agent: whose, after, upTo } = suspectSpan(change)
    return (whose === undefined || whose === agent) && measuredAt > after && measuredAt <= upTo
  })
}

const signed = (ratio: number): string => `${ratio < 1 ? '' : '+'}${(100 * (ratio - 1)).toFixed(1)}`

/** `agent b`, or `every agent`. */
export const whoseLevel = ({ agent }: Pick<LevelChange, 'agent'>): string =>
  agent === undefined ? 'every agent' : `agent ${agent}`

const time = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')

/** `+9.8 % (90 %: +8.1 to +11.6)`: a new level over an old one. */
export const shiftWords = ({ value, low, high }: Interval): string =>
  `${signed(value)} % (90 %: ${signed(low)} to ${signed(high)})`

/** `agent b: itl +9.8 % (90 %: +8.1 to +11.6)`: whose level changed, and by how much. */
export const changeWords = (change: LevelChange): string =>
  `${whoseLevel(change)}: ${change.shifts.map(({ metric, ratio }) => `${metric} ${shiftWords(ratio)}`).join(', ')}`

/** When it was, how many trials are on either side, and which are suspect. */
export function changeNote({ after, by, before, since, suspect }: LevelChange): string {
  const which = suspect === 'before' ? `the ${before} trials before` : `the ${since} trials since`
  return `between ${time(after)} and ${time(by)}; ${before} trials before, ${since} since; suspect: ${which}`
}
