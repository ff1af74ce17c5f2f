import type { Doubt } from '../../shared/domain/measurement.js'
import type { TelemetryReading } from '../../shared/domain/sample.js'

/** Seconds between device readings above which what happened meanwhile is unknown. */
export const telemetryGapSeconds = 3
/** Range of the SM clock over its maximum in one window: more moves latencies beyond precision. */
const clockRange = 0.1
/** Throttle reasons that say the device is too hot or broken, not just at its power cap. */
export const heatReasons = /thermal|slowdown|brake/
/** Reasons that are how the device is set, the same all the time; the environment tells them. */
const settings: ReadonlySet<string> = new Set([
  'gpu_idle',
  'applications_clocks_setting',
  'display_clocks_setting',
])

/** What was read of the devices during one measured window. */
export interface DeviceWindow {
  /** Epoch milliseconds. */
  readonly from: number
  readonly to: number
  /** Oldest first; those of the CPU are passed over. */
  readonly readings: readonly TelemetryReading[]
}

/**
 * Doubts that device readings give rise to.
 *
 * @param expected devices that should have been read: one that tells nothing is a gap too.
 */
export function judgeDevices(
  windows: readonly DeviceWindow[],
  expected: readonly string[] = [],
): Doubt[] {
  const doubts: Doubt[] = []
  const byDevice = windows.flatMap((window) =>
    [...new Set([...expected, ...window.readings.map(({ device }) => device)])]
      .filter((device) => device !== 'cpu')
      .map((device) => ({
        window,
        readings: window.readings.filter((reading) => reading.device === device),
      })),
  )
  const perDevice = byDevice.map(({ readings }) => readings)
  const gap = Math.max(0, ...byDevice.map(longestGapSeconds))
  if (gap > telemetryGapSeconds) {
    doubts.push({
      kind: 'telemetry_gap',
      severity: 'marked',
      detail: `no device reading for ${gap.toFixed(1)} s; above ${telemetryGapSeconds} s what happened meanwhile is unknown`,
    })
  }
  const reasons = new Set(
    perDevice
      .flat()
      .flatMap((reading) => reading.throttleReasons ?? [])
      .filter((reason) => !settings.has(reason)),
  )
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

/** The window’s edges count: a source that fell silent leaves its gap at the end. */
function longestGapSeconds({
  window,
  readings,
}: {
  readonly window: DeviceWindow
  readonly readings: readonly TelemetryReading[]
}): number {
  const moments = [window.from, ...readings.map(({ at }) => at), window.to]
  return moments.reduce((longest, at, index) => {
    const before = moments[index - 1] ?? at
    return Math.max(longest, (at - before) / 1000)
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
