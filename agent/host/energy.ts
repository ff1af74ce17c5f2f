import type { TelemetryReading } from '../../shared/domain/sample.js'
import { telemetryGapSeconds } from './device-noise.js'

/** Energy of one window, with what is wrong with it. */
export interface Energy {
  readonly joules: number
  /** Empty when the figure can be defended. */
  readonly flaws: readonly EnergyFlaw[]
}

export type EnergyFlaw =
  /** No reading near its start, or none near its end. */
  | 'not_bracketed'
  /** More than {@link telemetryGapSeconds} between two readings. */
  | 'gap'
  /** Readings of another number of devices than expected. */
  | 'device_count'

/** Milliseconds from an edge of a window within which a reading must lie to speak for it. */
export const bracketMs = 250

/**
 * Integrates power over a window by trapezoids between readings, interpolated at its edges; summed
 * over devices.
 *
 * @param readings of the window and a little around it, in any order.
 * @param window epoch milliseconds.
 * @param deviceCount devices that must have been read.
 * @returns undefined when no reading has power.
 */
export function integrateEnergy(
  readings: readonly TelemetryReading[],
  window: { readonly from: number; readonly to: number },
  deviceCount: number,
): Energy | undefined {
  const byDevice = new Map<string, { at: number; watts: number }[]>()
  for (const { at, device, powerWatts } of readings) {
    if (powerWatts === undefined) continue
    const points = byDevice.get(device)
    if (points === undefined) byDevice.set(device, [{ at, watts: powerWatts }])
    else points.push({ at, watts: powerWatts })
  }
  if (byDevice.size === 0) return undefined
  const flaws = new Set<EnergyFlaw>()
  if (byDevice.size !== deviceCount) flaws.add('device_count')
  let joules = 0
  for (const points of byDevice.values()) {
    points.sort((a, b) => a.at - b.at)
    joules += integrate(points, window, flaws)
  }
  return { joules, flaws: [...flaws].sort() }
}

interface Point {
  readonly at: number
  readonly watts: number
}

function integrate(
  points: readonly Point[],
  window: { readonly from: number; readonly to: number },
  flaws: Set<EnergyFlaw>,
): number {
  const first = points[0] as Point
  const last = points[points.length - 1] as Point
  const near = (edge: number) => points.some(({ at }) => Math.abs(at - edge) <= bracketMs)
  if (!near(window.from) || !near(window.to)) flaws.add('not_bracketed')
  // Beyond the outermost readings the nearest one is held; the flaw says so.
  const bounded: Point[] = [
    { at: Math.min(first.at, window.from), watts: first.watts },
    ...points,
    { at: Math.max(last.at, window.to), watts: last.watts },
  ]
  let joules = 0
  for (let i = 1; i < bounded.length; i += 1) {
    const left = bounded[i - 1] as Point
    const right = bounded[i] as Point
    const from = Math.max(left.at, window.from)
    const to = Math.min(right.at, window.to)
    if (to <= from) continue
    const span = right.at - left.at
    if (span > telemetryGapSeconds * 1000) flaws.add('gap')
    const wattsAt = (at: number) =>
      left.watts + ((right.watts - left.watts) * (at - left.at)) / span
    joules += (((wattsAt(from) + wattsAt(to)) / 2) * (to - from)) / 1000
  }
  return joules
}
