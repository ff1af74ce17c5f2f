import type { LevelChange } from './meta-metrics.js'

/** Measured by the agent of a change, later than anything known to be of its old level. */
export const isAfter = (
  { agent: changed, after }: Pick<LevelChange, 'agent' | 'after'>,
  agent: string,
  at: number,
): boolean => at > after && (changed === undefined || agent === changed)

const signed = (ratio: number): string => `${ratio < 1 ? '' : '+'}${(100 * (ratio - 1)).toFixed(1)}`

const time = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')

/** `agent b: itl +9.8 % (90 %: +8.1 to +11.6)`: whose level changed, and by how much. */
export function changeWords({ agent, shifts }: LevelChange): string {
  const sizes = shifts.map(
    ({ metric, ratio }) =>
      `${metric} ${signed(ratio.value)} % (90 %: ${signed(ratio.low)} to ${signed(ratio.high)})`,
  )
  return `${agent === undefined ? 'every agent' : `agent ${agent}`}: ${sizes.join(', ')}`
}

/** When it was, how many trials are on either side, and which are suspect. */
export function changeNote({ after, by, before, since, suspect }: LevelChange): string {
  const which = suspect === 'before' ? `the ${before} trials before` : `the ${since} trials since`
  return `between ${time(after)} and ${time(by)}; ${before} trials before, ${since} since; suspect: ${which}`
}
