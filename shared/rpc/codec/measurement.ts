import { doubtTable } from '../../domain/measurement.js'
import type {
  Doubt,
  DoubtKind,
  Harvest,
  Measurement,
  MetricEstimate,
} from '../../domain/measurement.js'
import { metricNames } from '../../domain/metric.js'
import type { Doubt as WireDoubt, DoubtInput as WireDoubtInput } from '../gen/fmwork/v1/Doubt.js'
import type {
  Harvest as WireHarvest,
  HarvestInput as WireHarvestInput,
} from '../gen/fmwork/v1/Harvest.js'
import type {
  Measurement as WireMeasurement,
  MeasurementInput as WireMeasurementInput,
} from '../gen/fmwork/v1/Measurement.js'
import type {
  MetricEstimate as WireMetricEstimate,
  MetricEstimateInput as WireMetricEstimateInput,
} from '../gen/fmwork/v1/MetricEstimate.js'
import { defined, required, wordOf } from './parts.js'

const doubtKinds = Object.keys(doubtTable) as DoubtKind[]
const percentileNames = ['p50', 'p90', 'p95', 'p99'] as const

function estimateToWire(estimate: MetricEstimate): WireMetricEstimateInput {
  const { metric, value, low, high, confidence, relativeSd, count, percentiles } = estimate
  return {
    metric,
    value,
    low,
    high,
    confidence,
    relativeSd,
    count,
    percentiles: percentileNames.flatMap((name) => {
      const at = percentiles[name]
      if (at === undefined) return []
      return [at === null ? { name } : { name, value: at }]
    }),
  }
}

function estimateFromWire(wire: WireMetricEstimate): MetricEstimate {
  const { metric, value, low, high, confidence, relativeSd, count, percentiles } = wire
  return {
    metric: wordOf(metricNames, metric, 'measurement.metrics.metric'),
    value,
    low,
    high,
    confidence,
    relativeSd,
    count,
    percentiles: Object.fromEntries(
      percentiles.map((each) => [
        wordOf(percentileNames, each.name, `measurement.metrics.percentiles.name`),
        each.value ?? null,
      ]),
    ),
  }
}

const doubtToWire = ({ kind, severity, detail }: Doubt): WireDoubtInput => ({
  kind,
  invalid: severity === 'invalid',
  detail,
})

const doubtFromWire = ({ kind, invalid, detail }: WireDoubt, field: string): Doubt => ({
  kind: wordOf(doubtKinds, kind, `${field}.doubts.kind`),
  severity: invalid ? 'invalid' : 'marked',
  detail,
})

const harvestToWire = ({ outputTokens, metrics, doubts }: Harvest): WireHarvestInput => ({
  outputTokens,
  metrics: metrics.map(estimateToWire),
  doubts: doubts.map(doubtToWire),
})

const harvestFromWire = (
  { outputTokens, metrics, doubts }: WireHarvest,
  field: string,
): Harvest => ({
  outputTokens,
  metrics: metrics.map(estimateFromWire),
  doubts: doubts.map((doubt) => doubtFromWire(doubt, `${field}.harvest`)),
})

export function measurementToWire(measurement: Measurement): WireMeasurementInput {
  const { timing, deviceSeconds, energyJoules, repetitions, requests, startedAt } = measurement
  return defined({
    metrics: measurement.metrics.map(estimateToWire),
    doubts: measurement.doubts.map(doubtToWire),
    timing: {
      setUpS: timing.setUp,
      warmUpS: timing.warmUp,
      measuredS: timing.measured,
      gapsS: timing.gaps,
    },
    deviceSeconds,
    energyJoules,
    repetitions,
    requests,
    startedAtMs: startedAt,
    harvest: (measurement.harvest ?? []).map(harvestToWire),
  })
}

export function measurementFromWire(
  wire: WireMeasurement | null | undefined,
  field = 'measurement',
): Measurement {
  const { metrics, doubts, timing, startedAtMs, harvest, ...rest } = required(wire, field)
  const { setUpS, warmUpS, measuredS, gapsS } = required(timing, `${field}.timing`)
  return defined({
    metrics: metrics.map(estimateFromWire),
    doubts: doubts.map((doubt) => doubtFromWire(doubt, field)),
    timing: { setUp: setUpS, warmUp: warmUpS, measured: measuredS, gaps: gapsS },
    deviceSeconds: rest.deviceSeconds,
    energyJoules: rest.energyJoules,
    repetitions: rest.repetitions,
    requests: rest.requests,
    startedAt: startedAtMs,
    harvest: harvest.length === 0 ? undefined : harvest.map((each) => harvestFromWire(each, field)),
  })
}
