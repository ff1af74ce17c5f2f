import { integrateEnergy } from '../host/energy.js'
import type { DeviceReading } from '../host/device-telemetry.js'

/**
 * Joules of a whole trial, warm-up and gaps included; undefined where the host has no power readings
 * or the figure could not be defended.
 *
 * @param readings of the trial and of a few seconds around it.
 */
export function trialEnergy(
  readings: readonly DeviceReading[],
  from: { readonly wall: number },
  to: { readonly wall: number },
  deviceCount: number,
): number | undefined {
  const window = { from: from.wall, to: to.wall }
  const energy = integrateEnergy(readings, window, deviceCount)
  return energy === undefined || energy.flaws.length > 0 ? undefined : energy.joules
}
