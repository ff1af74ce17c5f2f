import type { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import type { TelemetryReading } from '../../../shared/domain/sample.js'
import { mean } from '../../../shared/stats/quantile.js'
import { engineUtilization } from '../../host/host-watch.js'
import type { HostSnapshot, HostWatch } from '../../host/host-watch.js'

export type TelemetryMetric = {
  [K in MetricName]: (typeof metricTable)[K]['family'] extends 'telemetry' ? K : never
}[MetricName]

/** One telemetry metric over one window; undefined where the host cannot tell. */
export function telemetryValue(
  metric: TelemetryMetric,
  window: { readonly before: HostSnapshot; readonly after: HostSnapshot },
  watch: Pick<HostWatch, 'readings'>,
): number | undefined {
  const { before, after } = window
  const readings = watch.readings(before, after)
  const devices = readings.filter(({ device }) => device !== 'cpu')
  switch (metric) {
    case 'cpu_utilization':
      return after.at > before.at ? engineUtilization(before, after) : undefined
    case 'gpu_utilization':
      return meanOf(devices.map((reading) => reading.utilizationPercent))
    case 'power':
      return sumOverDevices(devices, (each) => meanOf(each.map((reading) => reading.powerWatts)))
    case 'memory':
      return sumOverDevices(devices.length > 0 ? devices : readings, (each) =>
        maximumOf(each.map((reading) => reading.memoryBytes)),
      )
  }
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

function sumOverDevices(
  readings: readonly TelemetryReading[],
  value: (readings: readonly TelemetryReading[]) => number | undefined,
): number | undefined {
  const devices = [...new Set(readings.map(({ device }) => device))]
  const values = devices.map((device) => value(readings.filter((each) => each.device === device)))
  const found = known(values)
  // A device that told nothing would make the sum look smaller than it is.
  return found.length === 0 || found.length < values.length
    ? undefined
    : found.reduce((sum, each) => sum + each, 0)
}
