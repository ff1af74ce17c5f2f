import { telemetryGapSeconds } from './device-noise.js'
import type { DeviceReading } from './device-telemetry.js'

/** Energy of one window, with what is wrong with it. */
export interface Energy {
  /** Power integrated over time, summed over devices. */
  readonly joules: number
  /** The same by the devices’ own counters; undefined where one of them has none. */
  readonly counterJoules?: number
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
  /** Integration and counter differ by more than {@link counterTolerance}. */
  | 'counter_disagrees'

/**
 * Milliseconds from an edge of a window within which a reading must lie to speak for it, where no
 * reading beyond the edge does.
 */
export const bracketMs = 250
/** Relative difference from the counter above which one of the two is wrong. */
export const counterTolerance = 0.1
/** Seconds below which the counter’s own steps, tens of milliseconds apart, blur the comparison. */
export const counterCheckSeconds = 2

export interface EnergyWindow {
  /** Epoch milliseconds. */
  readonly from: number
  readonly to: number
}

interface Point {
  readonly at: number
  readonly value: number
}

/**
 * Integrates power over a window by trapezoids between readings, interpolated at its edges; summed
 * over devices, and compared with their counters.
 *
 * @param readings of the window and a little around it, in any order.
 * @param deviceCount devices that must have been read.
 * @returns undefined when no reading has power.
 */
export function integrateEnergy(
  readings: readonly DeviceReading[],
  window: EnergyWindow,
  deviceCount: number,
): Energy | undefined {
  const power = byDevice(readings, ({ powerWatts }) => powerWatts)
  if (power.size === 0) return undefined
  const counters = byDevice(readings, ({ energyJoules }) => energyJoules)
  const flaws = new Set<EnergyFlaw>()
  if (power.size !== deviceCount) flaws.add('device_count')
  let joules = 0
  let counted: number | undefined = 0
  for (const [device, points] of power) {
    joules += integrate(points, window, flaws)
    const own = counterDifference(counters.get(device) ?? [], points, window)
    counted = own === undefined || counted === undefined ? undefined : counted + own
  }
  if (
    counted !== undefined &&
    window.to - window.from >= counterCheckSeconds * 1000 &&
    Math.abs(joules - counted) > counterTolerance * counted
  ) {
    flaws.add('counter_disagrees')
  }
  return {
    joules,
    ...(counted === undefined ? {} : { counterJoules: counted }),
    flaws: [...flaws].sort(),
  }
}

function byDevice(
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

/** The counter’s rise inside the window; power fills in between its outermost readings and the edges. */
function counterDifference(
  counter: readonly Point[],
  power: readonly Point[],
  { from, to }: EnergyWindow,
): number | undefined {
  const inside = counter.filter(({ at }) => at >= from && at <= to)
  const first = inside[0]
  const last = inside.at(-1)
  if (first === undefined || last === undefined || first === last) return undefined
  // A driver that was loaded anew counts from zero again.
  if (
    inside.some((point, index) => index > 0 && point.value < (inside[index - 1] as Point).value)
  ) {
    return undefined
  }
  return (
    last.value -
    first.value +
    integrate(power, { from, to: first.at }, new Set()) +
    integrate(power, { from: last.at, to }, new Set())
  )
}

function integrate(points: readonly Point[], window: EnergyWindow, flaws: Set<EnergyFlaw>): number {
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
  return joules
}
