import type { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import type { TelemetryReading } from '../../../shared/domain/sample.js'
import { minimumBatches } from '../../../shared/stats/interval.js'
import { mean } from '../../../shared/stats/quantile.js'
import { engineUtilization } from '../../host/host-watch.js'
import type { CpuSnapshot } from '../../host/cpu-telemetry.js'

export type TelemetryMetric = {
  [K in MetricName]: (typeof metricTable)[K]['family'] extends 'telemetry' ? K : never
}[MetricName]

/**
 * One telemetry metric over one window; undefined where the host cannot tell.
 *
 * @param expected devices that it is asked of: a figure of some of them is none. Those read, when empty.
 * @param window its counters, which give CPU time exactly; else CPU time is that of the readings.
 */
export function telemetryValue(
  metric: TelemetryMetric,
  readings: readonly TelemetryReading[],
  expected: readonly string[] = [],
  window?: { readonly before: CpuSnapshot; readonly after: CpuSnapshot },
): number | undefined {
  const devices = readings.filter(({ device }) => device !== 'cpu')
  const host = readings.filter(({ device }) => device === 'cpu')
  switch (metric) {
    case 'cpu_utilization':
      return window === undefined
        ? meanOf(host.map((reading) => reading.utilizationPercent))
        : engineUtilization(window.before, window.after)
    case 'gpu_utilization':
      return meanOf(
        perDevice(devices, expected, (each) =>
          meanOf(each.map((reading) => reading.utilizationPercent)),
        ),
      )
    case 'power':
      return sumOf(
        perDevice(devices, expected, (each) => meanOf(each.map((reading) => reading.powerWatts))),
      )
    case 'memory':
      return sumOf(
        perDevice(devices.length > 0 ? devices : host, expected, (each) =>
          maximumOf(each.map((reading) => reading.memoryBytes)),
        ),
      )
  }
}

/** The metric in batches of equal time, for the interval of a loop’s one window. */
export function telemetryBatches(
  metric: TelemetryMetric,
  readings: readonly TelemetryReading[],
  expected: readonly string[] = [],
): number[] {
  const first = readings[0]?.at ?? 0
  const last = readings.at(-1)?.at ?? 0
  const moments = new Set(readings.map(({ at }) => at)).size
  const count = Math.min(minimumBatches, Math.floor(moments / 2))
  const batchOf = (at: number) =>
    Math.min(count - 1, Math.floor((count * (at - first)) / Math.max(1, last - first)))
  return Array.from({ length: count }, (_, batch) =>
    telemetryValue(
      metric,
      readings.filter(({ at }) => batchOf(at) === batch),
      expected,
    ),
  ).filter((value) => value !== undefined)
}

const known = (values: readonly (number | undefined)[]) =>
  values.filter((value) => value !== undefined)

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const found = known(values)
  return found.length === 0 ? undefined : mean(found)
}

function maximumOf(values: readonly (number | undefined)[]): number | undefined {
  const found = known(values)
  return found.length === 0 ? undefined : Math.max(...found)
}

/** One value per device; none at all where a device told nothing, which would pass for less. */
function perDevice(
  readings: readonly TelemetryReading[],
  expected: readonly string[],
  value: (readings: readonly TelemetryReading[]) => number | undefined,
): readonly number[] {
  const devices = new Set([...readings.map(({ device }) => device), ...expected])
  const values = [...devices].map((device) =>
    value(readings.filter((each) => each.device === device)),
  )
  const found = known(values)
  return found.length < values.length ? [] : found
}

const sumOf = (values: readonly number[]) =>
  values.length === 0 ? undefined : values.reduce((sum, each) => sum + each, 0)
