import type { Configuration } from '../../../shared/domain/configuration.js'
import { isSurfaceMetric } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { loadAxis } from '../../../shared/domain/sweep.js'
import type { SurfaceRow } from '../../../shared/domain/sweep-desk.js'
import { serviceTime } from '../../decision/figures.js'
import { estimatedMetrics } from './report.js'
import type { Report } from './report.js'

/** One way of measuring less, against measuring everything once. */
export interface SweepStep {
  readonly name: string
  readonly configurations: number
  /** Device-seconds that it takes by forecast. */
  readonly deviceSeconds: number
  /** All over this. */
  readonly gain: number
  /** 1 - mean relative error over the space, by metric; undefined where the step cannot tell. */
  readonly accuracy: Readonly<Partial<Record<MetricName, number>>>
}

const isPowerOfTwo = (load: number): boolean => Number.isInteger(Math.log2(load))

/** Everything but the load; of short outputs everything but load and output. */
const lineKey = (configuration: Configuration, shortest?: number): string =>
  JSON.stringify({
    ...configuration,
    load: 0,
    ...(shortest === undefined ? {} : { outputTokens: shortest }),
  })

type Line = readonly { readonly load: number; readonly value: number }[]

/** Straight between neighbours in logarithms; the nearest one outside of them. */
function onLine(line: Line, load: number): number | undefined {
  const above = line.findIndex((each) => each.load >= load)
  const [low, high] = [line[above === -1 ? line.length - 1 : Math.max(0, above - 1)], line[above]]
  if (low === undefined) return undefined
  if (high === undefined || high.load === load || above === 0) return (high ?? low).value
  const place = Math.log(load / low.load) / Math.log(high.load / low.load)
  return Math.exp(Math.log(low.value) + place * Math.log(high.value / low.value))
}

function accuracyOf(
  rows: readonly SurfaceRow[],
  kept: readonly SurfaceRow[],
  metric: MetricName,
  shortest: number | undefined,
): number | undefined {
  const lines = new Map<string, { load: number; value: number }[]>()
  for (const { configuration, estimates } of kept) {
    const value = estimates[metric]?.value
    if (value === undefined || !(value > 0)) continue
    const key = lineKey(configuration, shortest)
    const line = lines.get(key) ?? []
    lines.set(key, line)
    line.push({ load: configuration.load, value })
  }
  for (const line of lines.values()) line.sort((a, b) => a.load - b.load)
  let error = 0
  let judged = 0
  for (const { configuration, estimates } of rows) {
    const truth = estimates[metric]?.value
    if (truth === undefined || !(truth > 0)) continue
    const guess = onLine(lines.get(lineKey(configuration, shortest)) ?? [], configuration.load)
    // What a step cannot tell at all is wrong by all of it.
    error += guess === undefined ? 1 : Math.abs(guess / truth - 1)
    judged += 1
  }
  return judged === 0 ? undefined : 1 - error / judged
}

/** Seconds of one batch or of the same work in a loop, times devices; NaN where unknown. */
function workOf(report: Report): (row: SurfaceRow) => number {
  const service = serviceTime(estimatedMetrics(report), loadAxis(report.sweep.workload))
  return ({ configuration, estimates }) => {
    if (service === undefined) return NaN
    const values = service.metrics.map((metric) => estimates[metric]?.value ?? NaN)
    const each = service.deviceSeconds(configuration, ...values)
    return report.sweep.workload.kind === 'open-loop' ? each : each * configuration.load
  }
}

/**
 * The steps of the FMwork paper: all, powers of two of the load, and of those the shortest output
 * only; costs share the full grid’s forecast by the work that each configuration is estimated to be.
 * Their accuracy is stated against this sweep’s own surface: between kept loads straight lines,
 * from the shortest output the same value for every output. Undefined before anything is known.
 */
export function sweepSteps(report: Report): SweepStep[] | undefined {
  const rows = report.surface.filter(({ feasible }) => feasible >= 0.5)
  const metrics = estimatedMetrics(report).filter(isSurfaceMetric)
  const full = report.status.fullGridDeviceSeconds.value
  if (rows.length === 0 || metrics.length === 0 || !Number.isFinite(full)) return undefined
  const work = workOf(report)
  const works = new Map(rows.map((row) => [row, work(row)]))
  const total = [...works.values()].reduce((sum, each) => sum + each, 0)
  if (!(total > 0)) return undefined
  const shortest = Math.min(...rows.map(({ configuration }) => configuration.outputTokens))
  const step = (name: string, kept: readonly SurfaceRow[], output?: number): SweepStep => {
    const deviceSeconds = (full * kept.reduce((sum, row) => sum + (works.get(row) ?? 0), 0)) / total
    return {
      name,
      configurations: kept.length,
      deviceSeconds,
      gain: full / deviceSeconds,
      accuracy: Object.fromEntries(
        metrics.flatMap((metric) => {
          const accuracy = accuracyOf(rows, kept, metric, output)
          return accuracy === undefined ? [] : [[metric, accuracy]]
        }),
      ),
    }
  }
  const powers = rows.filter(({ configuration }) => isPowerOfTwo(configuration.load))
  const short = powers.filter(({ configuration }) => configuration.outputTokens === shortest)
  return [
    step('all configurations', rows),
    ...(powers.length > 0 && powers.length < rows.length
      ? [step('powers of two of the load', powers)]
      : []),
    ...(short.length > 0 && short.length < powers.length
      ? [step(`of those the shortest output (${shortest} tokens)`, short, shortest)]
      : []),
  ]
}
