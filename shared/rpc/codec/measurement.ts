import { doubtTable } from '../../domain/measurement.js'
import type { DoubtKind, Measurement, MetricEstimate } from '../../domain/measurement.js'
import { metricNames } from '../../domain/metric.js'
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

export function measurementToWire(measurement: Measurement): WireMeasurementInput {
  const { timing, deviceSeconds, energyJoules, repetitions, requests, startedAt } = measurement
  return defined({
    metrics: measurement.metrics.map(estimateToWire),
    doubts: measurement.doubts.map(({ kind, severity, detail }) => ({
      kind,
      invalid: severity === 'invalid',
      detail,
    })),
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
  })
}

export function measurementFromWire(
  wire: WireMeasurement | null | undefined,
  field = 'measurement',
): Measurement {
  const { metrics, doubts, timing, startedAtMs, ...rest } = required(wire, field)
  const { setUpS, warmUpS, measuredS, gapsS } = required(timing, `${field}.timing`)
  return defined({
    metrics: metrics.map(estimateFromWire),
    doubts: doubts.map(({ kind, invalid, detail }) => ({
      kind: wordOf(doubtKinds, kind, `${field}.doubts.kind`),
      severity: invalid ? ('invalid' as const) : ('marked' as const),
      detail,
    })),
    timing: { setUp: setUpS, warmUp: warmUpS, measured: measuredS, gaps: gapsS },
    deviceSeconds: rest.deviceSeconds,
    energyJoules: rest.energyJoules,
    repetitions: rest.repetitions,
    requests: rest.requests,
    startedAt: startedAtMs,
  })
}
