import type { EndpointMeasurement, EndpointOrder } from '../../agent/measure-endpoint.js'
import type { DefinitionSummary } from '../../agent/run/metrics/definition-summary.js'
import type { Goodput } from '../../agent/run/metrics/goodput.js'
import { secondsOf } from '../../agent/run/results/vllm-result.js'
import type { Measurement, MetricEstimate } from '../../shared/domain/measurement.js'
import { metricTable } from '../../shared/domain/metric.js'
import type { Sample } from '../../shared/domain/sample.js'
import type { MeasureOptions } from '../commands/measure-options.js'
import type { Paint } from './colour.js'
import { table } from './line.js'

export interface MeasurementView {
  readonly told: Pick<EndpointMeasurement, 'model' | 'engine'>
  readonly order: EndpointOrder
  readonly measurement: Measurement
  readonly definitions: readonly DefinitionSummary[]
  readonly goodput: Goodput | undefined
  /** Without warm-ups. */
  readonly samples: readonly Sample[]
  readonly options: Pick<MeasureOptions, 'requestRate' | 'burstiness' | 'maxConcurrency'>
}

/** Definitions shown on a terminal; `--json` has all. */
const shownDefinitions = ['ttft', 'ttft.scheduled', 'tpot', 'itl.pooled', 'e2e'] as const

/** One measurement as a person reads it: what was asked, latencies, rates, doubts. */
export function renderMeasurement(view: MeasurementView, paint: Paint): string[] {
  const { told, order, measurement, samples } = view
  const version = told.engine.version === 'unknown' ? '' : ` (version ${told.engine.version})`
  const failed = samples.filter(({ outcome }) => outcome !== 'ok').length
  const seconds = secondsOf(samples)
  return [
    `${paint('strong', told.model)} at ${order.baseUrl}${version}, ${order.api}`,
    loadWords(view),
    '',
    ...latencies(view, paint),
    '',
    ...estimates(view, paint),
    '',
    `${samples.length - failed} requests completed, ${failed} failed, in ${seconds.toFixed(2)} s` +
      (measurement.repetitions > 1 ? `, ${measurement.repetitions} repetitions` : ''),
    ...doubtLines(measurement, paint),
  ]
}

function loadWords({ order, options }: MeasurementView): string {
  const { workload, load, inputTokens, outputTokens } = order
  const { listed } = order.options
  const shape = `${inputTokens} tokens in, ${outputTokens} out`
  if (listed === undefined) {
    switch (workload.kind) {
      case 'static-batch':
        return `static batch of ${load}, ${shape}`
      case 'closed-loop':
        return `closed loop of ${load} in flight, ${shape}`
      case 'open-loop':
        return `open loop, ${load} req/s, ${workload.arrivals} arrivals, ${shape}`
    }
  }
  const arrivals =
    options.requestRate === Infinity
      ? listed.requests.some(({ at }) => at !== undefined)
        ? 'at their own times'
        : 'as slots are free'
      : `at ${options.requestRate} req/s, burstiness ${options.burstiness}`
  const limit =
    options.maxConcurrency === undefined ? '' : `, ${options.maxConcurrency} in flight at most`
  return `${listed.requests.length} requests ${arrivals}${limit}, ${shape} on average`
}

function latencies({ definitions, options, order }: MeasurementView, paint: Paint): string[] {
  const rows = definitions.filter(
    ({ name }) =>
      shownDefinitions.some((shown) => shown === name) &&
      // Without times of their own requests are due when they leave.
      (name !== 'ttft.scheduled' ||
        options.requestRate !== Infinity ||
        order.options.listed?.requests.some(({ at }) => at !== undefined) === true),
  )
  const percentiles = rows[0]?.percentiles.map(({ percentile }) => percentile) ?? []
  return table([
    ['', 'mean', 'mean, 95 % interval', 'median', ...percentiles.map((each) => `p${each}`)].map(
      (cell) => paint('dim', cell),
    ),
    ...rows.map((row) => [
      row.name,
      seconds(row.mean),
      row.interval === null
        ? 'unknown'
        : `${seconds(row.interval.low)} – ${seconds(row.interval.high)}`,
      seconds(row.median),
      ...row.percentiles.map(({ value, supported }) =>
        supported ? seconds(value) : paint('warn', `${seconds(value)}?`),
      ),
    ]),
  ])
}

function estimates({ measurement, goodput }: MeasurementView, paint: Paint): string[] {
  const rates = measurement.metrics.filter(({ metric }) => metricTable[metric].family === 'rate')
  const batch = measurement.metrics.filter(({ metric }) => metric === 'batch_ttft')
  const row = ({ metric, value, low, high }: MetricEstimate): string[] => {
    const { unit } = metricTable[metric]
    const show = unit === 's' ? seconds : (each: number) => `${figure(each)} ${unit}`
    return [metric, show(value), high > low ? `${show(low)} – ${show(high)}` : 'interval unknown']
  }
  return [
    ...table([...batch, ...rates].map(row)),
    ...(goodput === undefined
      ? []
      : [
          `${paint('strong', 'goodput')}  ${figure(goodput.requestsPerSecond)} req/s, ${(100 * goodput.share).toFixed(1)} % of requests`,
        ]),
  ]
}

function doubtLines({ doubts }: Measurement, paint: Paint): string[] {
  if (doubts.length === 0) return [paint('good', 'no doubts')]
  return [
    '',
    ...table(
      doubts.map(({ kind, severity, detail }) => [
        paint(severity === 'invalid' ? 'bad' : 'warn', severity),
        kind,
        detail,
      ]),
    ),
  ]
}

const figure = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(4)

function seconds(value: number): string {
  return Math.abs(value) < 1 ? `${figure(1000 * value)} ms` : `${figure(value)} s`
}
