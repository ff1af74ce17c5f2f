import type { Measurement } from '../../shared/domain/measurement.js'
import type { Observation } from '../plan/strategy.js'
import type { StoredTrial } from './store-records.js'

/**
 * What a strategy learns from a trial.
 *
 * @param measurement undefined when the configuration is infeasible.
 * @param cost device-seconds.
 * @param at epoch milliseconds, for an outcome without a measured window.
 */
export function observationOf(
  trial: StoredTrial,
  measurement: Measurement | undefined,
  cost: number,
  at: number,
): Observation {
  const { index, purpose, agent } = trial
  if (measurement === undefined) {
    return { index, purpose, agent, outcome: 'infeasible', values: {}, cost, at }
  }
  const values = Object.fromEntries(
    measurement.metrics.map(({ metric, value, relativeSd, count }) => [
      metric,
      // The spread of one repetition, brought to that of a value over `count` of them.
      { value, relativeSd: relativeSd / Math.sqrt(Math.max(count, 1)) },
    ]),
  )
  const { startedAt } = measurement
  const percentiles = percentilesOf(measurement)
  return {
    index,
    purpose,
    agent,
    outcome: 'measured',
    values,
    ...(Object.keys(percentiles).length === 0 ? {} : { percentiles }),
    cost,
    at: startedAt,
  }
}

/** Those that the number of requests supports. */
const percentilesOf = ({ metrics }: Measurement): NonNullable<Observation['percentiles']> =>
  Object.fromEntries(
    metrics.flatMap(({ metric, percentiles }) => {
      const known = Object.entries(percentiles).filter(([, value]) => value !== null)
      return known.length === 0 ? [] : [[metric, Object.fromEntries(known)]]
    }),
  )
