import { blockKey, configurationKey } from '../../../shared/domain/configuration.js'
import type { Configuration } from '../../../shared/domain/configuration.js'
import { isInvalid } from '../../../shared/domain/measurement.js'
import type { Measurement } from '../../../shared/domain/measurement.js'
import { loadAxis } from '../../../shared/domain/sweep.js'
import type { TrialRecord } from '../../../shared/domain/sweep-desk.js'
import { median } from '../../../shared/stats/quantile.js'
import { estimatedMetrics } from '../report/report.js'
import type { Report } from '../report/report.js'
import { logInterval } from '../../decision/point.js'
import type { Knowledge, Point } from '../../decision/point.js'

/** The newest valid measurement of each configuration; reference trials are nobody’s knowledge. */
function measurementsOf(trials: readonly TrialRecord[]): Map<string, Measurement> {
  const found = new Map<string, { endedAt: number; measurement: Measurement }>()
  for (const { configuration, measurement, state, purpose, endedAt } of trials) {
    if (state !== 'SUCCEEDED' || purpose === 'verify') continue
    if (measurement === undefined || isInvalid(measurement)) continue
    const key = configurationKey(configuration)
    if ((found.get(key)?.endedAt ?? -Infinity) <= endedAt) found.set(key, { endedAt, measurement })
  }
  return new Map([...found].map(([key, { measurement }]) => [key, measurement]))
}

type Percentiles = NonNullable<Point['percentiles']>

const percentilesOf = ({ metrics }: Measurement): Percentiles =>
  Object.fromEntries(
    metrics.map(({ metric, percentiles }) => [
      metric,
      Object.fromEntries(
        Object.entries(percentiles).filter((each): each is [string, number] => each[1] !== null),
      ),
    ]),
  )

/** Telemetry that no surface estimates is known only where it was measured. */
function measuredOnly(measurement: Measurement): Point['estimates'] {
  const power = measurement.metrics.find(({ metric }) => metric === 'power')
  return power === undefined ? {} : { power: logInterval(power.value, power.relativeSd) }
}

/** Median device-seconds of a trial, of its own block where there are any. */
function trialCosts(trials: readonly TrialRecord[]): Knowledge['trialCost'] {
  const byBlock = new Map<string, number[]>()
  const all: number[] = []
  for (const { configuration, measurement, purpose } of trials) {
    if (measurement === undefined || purpose === 'verify') continue
    all.push(measurement.deviceSeconds)
    const key = blockKey(configuration)
    const block = byBlock.get(key) ?? []
    byBlock.set(key, block)
    block.push(measurement.deviceSeconds)
  }
  const medians = new Map([...byBlock].map(([key, costs]) => [key, median(costs)]))
  const overall = all.length === 0 ? undefined : median(all)
  return (configuration: Configuration) => medians.get(blockKey(configuration)) ?? overall
}

/** What a sweep knows of its space. */
export function knowledgeOfReport(report: Report): Knowledge {
  const measurements = measurementsOf(report.trials)
  const points = report.surface.map((row): Point => {
    const measurement = measurements.get(configurationKey(row.configuration))
    const own = measurement === undefined ? {} : measuredOnly(measurement)
    return {
      configuration: row.configuration,
      measured: row.measured,
      feasible: row.measured ? 1 : row.feasible,
      estimates: { ...own, ...row.estimates },
      ...(measurement === undefined ? {} : { percentiles: percentilesOf(measurement) }),
    }
  })
  const power = points.some(({ estimates }) => estimates.power !== undefined)
  const estimated = estimatedMetrics(report)
  return {
    name: report.status.sweep.name,
    points,
    loadAxis: loadAxis(report.sweep.workload),
    metrics: power && !estimated.includes('power') ? [...estimated, 'power'] : estimated,
    trialCost: trialCosts(report.trials),
    seed: report.sweep.strategy.seed,
  }
}
