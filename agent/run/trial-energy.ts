import type { Doubt } from '../../shared/domain/measurement.js'
import { windowEnergy } from '../host/energy.js'
import type { EnergyFlaw } from '../host/energy.js'
import { telemetryGapSeconds } from '../host/device-noise.js'
import type { DeviceReading } from '../host/device-telemetry.js'

/** Relative difference from the counter above which sampled power says little of the power drawn. */
const integrationTolerance = 0.1

export interface TrialEnergy {
  /** Undefined where the host has no power readings or the figure could not be defended. */
  readonly joules?: number
  readonly doubts: readonly Doubt[]
}

/**
 * Energy of a whole trial, warm-up and gaps included.
 *
 * @param readings of the trial and of a few seconds around it.
 */
export function trialEnergy(
  readings: readonly DeviceReading[],
  from: { readonly wall: number },
  to: { readonly wall: number },
  deviceCount: number,
): TrialEnergy {
  const window = { from: from.wall, to: to.wall }
  const energy = windowEnergy(readings, window, deviceCount)
  if (energy === undefined) return { doubts: [] }
  if (energy.flaws.length > 0) return { doubts: [unknownEnergy(energy.flaws)] }
  const { joules, integratedJoules, method } = energy
  const off = joules > 0 ? (integratedJoules - joules) / joules : 0
  if (method === 'integration' || Math.abs(off) <= integrationTolerance) {
    return { joules, doubts: [] }
  }
  const seconds = (window.to - window.from) / 1000
  const watts = (energyJoules: number) => `${(energyJoules / seconds).toFixed(0)} W`
  return {
    joules,
    doubts: [
      {
        kind: 'power_undersampled',
        severity: 'marked',
        detail: `sampled power averages ${watts(integratedJoules)}, the energy counter says ${watts(joules)}; above ${100 * integrationTolerance} % the load changes faster than power is told`,
      },
    ],
  }
}

const flawWords: Readonly<Record<EnergyFlaw, string>> = {
  not_bracketed: 'no reading of power near its start or its end',
  gap: `more than ${telemetryGapSeconds} s between two readings of power`,
  device_count: 'power was read of another number of devices than it used',
}

const unknownEnergy = (flaws: readonly EnergyFlaw[]): Doubt => ({
  kind: 'energy_unknown',
  severity: 'marked',
  detail: `the energy of the trial is left out: ${flaws.map((flaw) => flawWords[flaw]).join('; ')}`,
})
