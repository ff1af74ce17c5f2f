import { isInvalid, valuesOf } from '../../shared/domain/measurement.js'
import type { Harvest, Measurement } from '../../shared/domain/measurement.js'
import type { Space } from '../../shared/domain/space.js'
import type { Observation } from '../plan/strategy.js'
import type { StoredTrial } from './store-records.js'

/**
 * What a strategy learns from a trial.
 *
 * @param measurement undefined when the configuration is infeasible.
 * @param cost device-seconds.
 * @param at epoch milliseconds, for an outcome without a measured window.
 * @param space that shorter outputs are looked up in; none are told without it.
 */
export function observationOf(
  trial: StoredTrial,
  measurement: Measurement | undefined,
  cost: number,
  at: number,
  space?: Space,
): Observation {
  const { index, purpose, agent } = trial
  if (measurement === undefined) {
    return { index, purpose, agent, outcome: 'infeasible', values: {}, cost, at }
  }
  const values = valuesOf(measurement.metrics)
  const { startedAt } = measurement
  const percentiles = percentilesOf(measurement)
  const harvest = space === undefined ? [] : harvestOf(trial, measurement.harvest ?? [], space)
  return {
    index,
    purpose,
    agent,
    outcome: 'measured',
    values,
    ...(Object.keys(percentiles).length === 0 ? {} : { percentiles }),
    cost,
    at: startedAt,
    ...(harvest.length === 0 ? {} : { harvest }),
  }
}

/** What counts of the shorter outputs that the trial’s samples tell of. */
function harvestOf(
  { configuration }: StoredTrial,
  harvest: readonly Harvest[],
  space: Space,
): NonNullable<Observation['harvest']> {
  return harvest.flatMap((each) => {
    const { outputTokens } = each
    if (isInvalid(each) || !(outputTokens < configuration.outputTokens)) return []
    const index = space.indexOf({ ...configuration, outputTokens })
    return index === undefined ? [] : [{ index, values: valuesOf(each.metrics) }]
  })
}

/** Those that the number of requests supports. */
const percentilesOf = ({ metrics }: Measurement): NonNullable<Observation['percentiles']> =>
  Object.fromEntries(
    metrics.flatMap(({ metric, percentiles }) => {
      const known = Object.entries(percentiles).filter(([, value]) => value !== null)
      return known.length === 0 ? [] : [[metric, Object.fromEntries(known)]]
    }),
  )
