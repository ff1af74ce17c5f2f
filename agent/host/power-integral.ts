import { telemetryGapSeconds } from './device-noise.js'
import type { DeviceReading } from './device-telemetry.js'

export interface EnergyWindow {
  /** Epoch milliseconds. */
  readonly from: number
  readonly to: number
}

/** A value at a moment, epoch milliseconds. */
export interface Point {
  readonly at: number
  readonly value: number
}

export interface PowerIntegral {
  readonly joules: number
  readonly flaws: readonly ('not_bracketed' | 'gap')[]
}

/**
 * Milliseconds from an edge of a window within which a reading must lie to speak for it, where no
 * reading beyond the edge does.
 */
export const bracketMs = 250

/** One field of the readings by device, oldest first. */
export function byDevice(
  readings: readonly DeviceReading[],
  field: (reading: DeviceReading) => number | undefined,
): Map<string, Point[]> {
  const found = new Map<string, Point[]>()
  for (const reading of readings) {
    const value = field(reading)
    if (value === undefined) continue
    const points = found.get(reading.device)
    if (points === undefined) found.set(reading.device, [{ at: reading.at, value }])
    else points.push({ at: reading.at, value })
  }
  for (const points of found.values()) points.sort((a, b) => a.at - b.at)
  return found
}

/**
 * Power over a window by trapezoids between readings, interpolated at its edges.
 *
 * @param points watts, oldest first; at least one.
 */
export function integrate(points: readonly Point[], window: EnergyWindow): PowerIntegral {
  const flaws = new Set<'not_bracketed' | 'gap'>()
  const first = points[0] as Point
  const last = points[points.length - 1] as Point
  const near = (edge: number) => points.some(({ at }) => Math.abs(at - edge) <= bracketMs)
  // Readings on both sides bracket an edge however far apart; too far is a gap.
  const bracketed = (edge: number) => (first.at <= edge && last.at >= edge) || near(edge)
  if (!bracketed(window.from) || !bracketed(window.to)) flaws.add('not_bracketed')
  // Beyond the outermost readings the nearest one is held; the flaw says so.
  const bounded: Point[] = [
    { at: Math.min(first.at, window.from), value: first.value },
    ...points,
    { at: Math.max(last.at, window.to), value: last.value },
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
      left.value + ((right.value - left.value) * (at - left.at)) / span
    joules += (((wattsAt(from) + wattsAt(to)) / 2) * (to - from)) / 1000
  }
  return { joules, flaws: [...flaws] }
}
