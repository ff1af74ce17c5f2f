import type { DeviceReading } from './device-telemetry.js'
import { byDevice, integrate } from './power-integral.js'
import type { EnergyWindow, Point } from './power-integral.js'

export type { EnergyWindow } from './power-integral.js'

/** Energy of one window, with what is wrong with it. */
export interface Energy {
  readonly joules: number
  /**
   * Whether the devices’ own counters gave it, or sampled power. A counter sees what happens between
   * two values of the power sensor; sampled power does not (docs/evidence).
   */
  readonly method: 'counter' | 'integration'
  /** Power integrated over time, summed over devices. */
  readonly integratedJoules: number
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

/** Seconds below which a counter’s own steps, 100 ms apart, would be more than 5 % of the window. */
export const counterSeconds = 2

/**
 * Energy of a window, summed over devices: by their counters where each has one and the window is
 * long enough for it, else by integrating power.
 *
 * @param readings of the window and a little around it, in any order.
 * @param deviceCount devices that must have been read.
 * @returns undefined when no reading has power.
 */
export function windowEnergy(
  readings: readonly DeviceReading[],
  window: EnergyWindow,
  deviceCount: number,
): Energy | undefined {
  const power = byDevice(readings, ({ powerWatts }) => powerWatts)
  if (power.size === 0) return undefined
  const counters = byDevice(readings, ({ energyJoules }) => energyJoules)
  const integrals = [...power.values()].map((points) => integrate(points, window))
  const integratedJoules = sum(integrals.map(({ joules }) => joules))
  const counted = [...power].map(([device, points]) =>
    counterRise(counters.get(device) ?? [], points, window),
  )
  const known = counted.filter((each) => each !== undefined)
  const byCounter = known.length === power.size && window.to - window.from >= counterSeconds * 1000
  const parts = byCounter ? known : integrals
  const flaws = new Set(parts.flatMap((part) => part.flaws))
  return {
    joules: sum(parts.map(({ joules }) => joules)),
    method: byCounter ? 'counter' : 'integration',
    integratedJoules,
    flaws: [...flaws, ...(power.size === deviceCount ? [] : (['device_count'] as const))].sort(),
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/**
 * The counter’s rise inside the window; power fills in between its outermost readings and the edges.
 * What was not read in between is not lost: a counter has no gaps.
 */
function counterRise(
  counter: readonly Point[],
  power: readonly Point[],
  { from, to }: EnergyWindow,
): { readonly joules: number; readonly flaws: readonly EnergyFlaw[] } | undefined {
  const inside = counter.filter(({ at }) => at >= from && at <= to)
  const first = inside[0]
  const last = inside.at(-1)
  if (first === undefined || last === undefined || first === last) return undefined
  // A driver that was loaded anew counts from zero again.
  if (inside.some(({ value }, index) => value < (inside[index - 1]?.value ?? value))) {
    return undefined
  }
  const head = integrate(power, { from, to: first.at })
  const tail = integrate(power, { from: last.at, to })
  return {
    joules: last.value - first.value + head.joules + tail.joules,
    flaws: [...head.flaws, ...tail.flaws],
  }
}
