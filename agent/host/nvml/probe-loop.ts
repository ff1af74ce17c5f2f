import type { Clock } from '../../../shared/process/clock.js'
import type { Nvml } from './nvml.js'
import type { ProbeLine } from './probe-lines.js'

/** Seconds between looks at who uses the devices: a process that stays shorter disturbs little. */
const processesEverySeconds = 0.5
/**
 * Seconds between looks at the energy counter: it costs more than all other figures together, and a
 * window is checked against it over seconds.
 */
const counterEverySeconds = 0.5
/** Seconds between words about the probe’s own cost. */
const ownEverySeconds = 5

export interface ProbeLoopOptions {
  readonly clock: Clock
  readonly nvml: Nvml
  readonly periodSeconds: number
  /** CPU seconds of this process so far. */
  readonly cpuSeconds: () => number
  readonly say: (line: ProbeLine) => void
}

/**
 * Reads every device each period, for ever. Periods are counted from the start, so that a late
 * reading delays none after it; those that passed meanwhile are left out.
 */
export async function runProbeLoop(options: ProbeLoopOptions, signal: AbortSignal): Promise<void> {
  const { clock, nvml, periodSeconds, say } = options
  const devices = nvml.devices.flatMap((device) =>
    device.uuid === undefined ? [] : [{ device, uuid: device.uuid }],
  )
  say({
    kind: 'hello',
    ...(nvml.driver === undefined ? {} : { driver: nvml.driver }),
    devices: devices.map(({ device, uuid }) => ({
      uuid,
      ...(device.name === undefined ? {} : { name: device.name }),
      ...(device.memoryTotalBytes === undefined
        ? {}
        : { memoryTotalBytes: device.memoryTotalBytes }),
      ...(device.powerLimitWatts === undefined ? {} : { powerLimitWatts: device.powerLimitWatts }),
      ...(device.board === undefined ? {} : { board: device.board }),
    })),
  })
  const start = clock.monotonic()
  let processesAt = -Infinity
  let counterAt = -Infinity
  let ownAt = start
  let period = 0
  for (;;) {
    const withCounter = clock.monotonic() - counterAt >= counterEverySeconds - periodSeconds / 2
    if (withCounter) counterAt = clock.monotonic()
    for (const { device, uuid } of devices) {
      const before = clock.wall()
      const fields = device.read(withCounter)
      // A device that tells nothing (lost, being reset) leaves a gap, which is what it is.
      if (Object.keys(fields).length === 0) continue
      say({
        kind: 'reading',
        reading: { at: (before + clock.wall()) / 2, device: uuid, ...fields },
      })
    }
    const now = clock.monotonic()
    if (now - processesAt >= processesEverySeconds) {
      processesAt = now
      const lists = devices.flatMap(({ device, uuid }) => {
        const pids = device.processes()
        return pids === undefined ? [] : [[uuid, pids] as const]
      })
      say({ kind: 'processes', at: clock.wall(), pids: Object.fromEntries(lists) })
    }
    if (now - ownAt >= ownEverySeconds) {
      ownAt = now
      say({ kind: 'own', cpuSeconds: options.cpuSeconds(), wallSeconds: now - start })
    }
    const elapsed = clock.monotonic() - start
    // A timer may fire a little early: the period that it was set for has still had its reading.
    period = Math.max(period, Math.floor(elapsed / periodSeconds)) + 1
    try {
      await clock.sleep(period * periodSeconds - elapsed, signal)
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
  }
}
