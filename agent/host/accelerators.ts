import type { DeviceFacts } from '../../shared/domain/environment.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { openAmdTelemetry } from './amd-telemetry.js'
import { openDcgmTelemetry } from './dcgm/dcgm-telemetry.js'
import type { DeviceTelemetry } from './device-telemetry.js'
import { hardwareClass } from './hardware-class.js'
import { openNvidiaTelemetry } from './nvidia-telemetry.js'
import { givenDevices } from './given-devices.js'
import type { Vendor } from './given-devices.js'

/** Devices of one class, and what reads them. */
export interface Accelerators {
  readonly facts: readonly DeviceFacts[]
  readonly telemetry: DeviceTelemetry
}

export interface AcceleratorOptions {
  readonly clock: Clock
  readonly log: Log
  /** The process’s own: it says which of the host’s devices it was given. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Tried in this order; those of this version when absent. */
  readonly sources?: readonly Source[]
}

/** How one vendor’s devices are found. */
export interface Source {
  readonly vendor: Vendor
  readonly open: (
    options: Pick<AcceleratorOptions, 'clock' | 'log'>,
  ) => Promise<Accelerators | undefined>
}

const allSources: readonly Source[] = [
  { vendor: 'nvidia', open: openNvidiaTelemetry },
  { vendor: 'amd', open: openAmdTelemetry },
  { vendor: 'nvidia', open: openDcgmTelemetry },
]

/**
 * The devices that this process may use, with their telemetry: those of the first source that finds
 * any. Undefined where there are none.
 *
 * @throws FmworkError USAGE when the environment names a device that is not there.
 */
export async function findAccelerators(
  options: AcceleratorOptions,
): Promise<Accelerators | undefined> {
  const { clock, log, environment, sources = allSources } = options
  for (const { vendor, open } of sources) {
    const found = await open({ clock, log })
    if (found === undefined) continue
    try {
      const facts = oneClass(givenDevices(found.facts, vendor, environment), log)
      if (facts.length > 0) return { facts, telemetry: only(found, facts) }
    } catch (error) {
      await found.telemetry.close()
      throw error
    }
    // There are devices, and none of them is for this process: no other source may find them again.
    await found.telemetry.close()
    return undefined
  }
  return undefined
}

/** An agent speaks for one class: devices unlike the first are for an agent of their own. */
function oneClass(devices: readonly DeviceFacts[], log: Log): readonly DeviceFacts[] {
  const hardware = hardwareClass(devices[0]?.name)
  const alike = devices.filter(({ name }) => hardwareClass(name) === hardware)
  const others = devices.filter((device) => !alike.includes(device))
  if (others.length > 0) {
    log.warn(
      { hardware, others: others.map(({ id, name }) => `${id} (${name})`) },
      'devices of another class are left alone: start an agent for them that is given only those (CUDA_VISIBLE_DEVICES, ROCR_VISIBLE_DEVICES)',
    )
  }
  return alike
}

/** What is read of devices that are not this process’s is nobody’s business here. */
function only(found: Accelerators, facts: readonly DeviceFacts[]): DeviceTelemetry {
  const { telemetry } = found
  if (facts.length === found.facts.length) return telemetry
  const ids = facts.map(({ id }) => id)
  return {
    get source() {
      return telemetry.source
    },
    get periodSeconds() {
      return telemetry.periodSeconds
    },
    between: (from, to) => telemetry.between(from, to).filter(({ device }) => ids.includes(device)),
    subscribe: (listener) =>
      telemetry.subscribe((reading) => {
        if (ids.includes(reading.device)) listener(reading)
      }),
    foreignProcesses: (pids, since, on = ids) => telemetry.foreignProcesses(pids, since, on),
    close: () => telemetry.close(),
  }
}
