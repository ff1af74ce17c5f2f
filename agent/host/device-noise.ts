import type { Doubt } from '../../shared/domain/measurement.js'
import type { TelemetryReading } from '../../shared/domain/sample.js'

/** Seconds between device readings above which what happened meanwhile is unknown. */
export const telemetryGapSeconds = 3
/** Range of the SM clock over its maximum in one window: more moves latencies beyond precision. */
const clockRange = 0.1
/** Throttle reasons that say the device is too hot or broken, not just at its power cap. */
const heatReasons = /thermal|slowdown|brake/

/**
 * Doubts that device readings give rise to.
 *
 * @param windows the readings of each measured window, oldest first.
 */
export function judgeDevices(windows: readonly (readonly TelemetryReading[])[]): Doubt[] {
  const doubts: Doubt[] = []
  const perDevice = windows.flatMap((readings) =>
    [...new Set(readings.map(({ device }) => device))]
      .filter((device) => device !== 'cpu')
      .map((device) => readings.filter((reading) => reading.device === device)),
  )
  const gap = Math.max(0, ...perDevice.map(longestGapSeconds))
  if (gap > telemetryGapSeconds) {
    doubts.push({
      kind: 'telemetry_gap',
      severity: 'marked',
      detail: `no device reading for ${gap.toFixed(1)} s; above ${telemetryGapSeconds} s what happened meanwhile is unknown`,
    })
  }
  const reasons = new Set(perDevice.flat().flatMap((reading) => reading.throttleReasons ?? []))
  reasons.delete('gpu_idle')
  if (reasons.size > 0) {
    const hot = [...reasons].some((reason) => heatReasons.test(reason))
    doubts.push({
      kind: 'throttled',
      severity: 'marked',
      detail: `the device held its clocks back: ${[...reasons].sort().join(', ')}${hot ? '; cool it' : ''}`,
    })
  }
  const range = Math.max(0, ...perDevice.map(relativeClockRange))
  if (range > clockRange) {
    doubts.push({
      kind: 'clocks_changed',
      severity: 'marked',
      detail: `the SM clock varied by ${(100 * range).toFixed(0)} % within the window; above ${100 * clockRange} % latencies follow it`,
    })
  }
  return doubts
}

function longestGapSeconds(readings: readonly TelemetryReading[]): number {
  return readings.reduce((longest, reading, index) => {
    const before = readings[index - 1]
    return before === undefined ? longest : Math.max(longest, (reading.at - before.at) / 1000)
  }, 0)
}

function relativeClockRange(readings: readonly TelemetryReading[]): number {
  const clocks = readings
    // An idle device drops its clock at once; only readings at work say what the work saw.
    .filter(({ utilizationPercent }) => (utilizationPercent ?? 0) > 50)
    .map(({ clockMhz }) => clockMhz)
    .filter((clock) => clock !== undefined)
  if (clocks.length < 2) return 0
  const highest = Math.max(...clocks)
  return (highest - Math.min(...clocks)) / highest
}
