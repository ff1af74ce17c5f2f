// The product's two live sources, run one at a time: interval reached, jitter and own CPU.
import { setTimeout as pause } from 'node:timers/promises'
import { DeviceSightings } from '../../../dist/agent/host/device-processes.js'
import { NvidiaSmiStream } from '../../../dist/agent/host/nvidia-smi-stream.js'
import { openNvmlStream } from '../../../dist/agent/host/nvml/nvml-stream.js'
import { procFiles } from '../../../dist/agent/host/proc-files.js'
import { ThreadLedger } from '../../../dist/agent/host/process-tree.js'
import { ReadingShelf } from '../../../dist/agent/host/reading-shelf.js'
import { systemClock } from '../../../dist/shared/process/clock.js'
import { describe, gaps, round } from './figures.mjs'

export const settings = { log: undefined, nvmlFile: undefined, command: 'nvidia-smi' }

/** Opens one source; undefined where the machine has none. */
export async function openSource(kind, periodMs) {
  const shelf = new ReadingShelf()
  const sightings = new DeviceSightings(procFiles)
  const common = { clock: systemClock, log: settings.log, shelf, periodMs }
  const stream =
    kind === 'nvml'
      ? await openNvmlStream({
          ...common,
          sightings,
          ...(settings.nvmlFile === undefined ? {} : { nvmlFile: settings.nvmlFile }),
          onGivenUp: () => console.error('NVML was given up'),
        })
      : new NvidiaSmiStream({ ...common, command: settings.command })
  if (stream === undefined) return undefined
  const arrivals = []
  shelf.subscribe(() => arrivals.push(systemClock.wall()))
  return { kind, periodMs, shelf, sightings, stream, arrivals }
}

/** Seconds of CPU that the source's child, and this process, used since the first call. */
export function cpuOf(source) {
  const ledger = new ThreadLedger(procFiles, [source.stream.pid])
  const own = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(own)
    return {
      childSeconds: ledger.read([source.stream.pid])?.ranSeconds,
      readerSeconds: (user + system) / 1e6,
    }
  }
}

/** Runs a source for a while. */
export async function observe(source, seconds) {
  await pause(800) // Loading its library, its first words.
  const cpu = cpuOf(source)
  const from = systemClock.wall()
  await pause(1000 * seconds)
  const to = systemClock.wall()
  return {
    from,
    to,
    ...cpu(),
    readings: source.shelf.between(from, to),
    arrivals: source.arrivals.filter((at) => at >= from && at <= to),
  }
}

/** How regular a source was over several observations, and what it cost. */
export function regularity(kind, askedMs, observed) {
  const spans = observed.flatMap(({ readings }) => gaps(readings.map(({ at }) => at)))
  const wall = observed.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0)
  const share = (name) =>
    round((100 * observed.reduce((sum, seen) => sum + (seen[name] ?? NaN), 0)) / wall)
  return {
    source: kind,
    askedMs,
    seconds: round(wall, 2),
    intervalMs: describe(spans),
    offByMs: describe(spans.map((span) => Math.abs(span - askedMs))),
    arrivalIntervalMs: describe(observed.flatMap(({ arrivals }) => gaps(arrivals))),
    childCpuPercentOfOneCore: share('childSeconds'),
    readerCpuPercentOfOneCore: share('readerSeconds'),
  }
}
