import { fileURLToPath } from 'node:url'
import type { Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import { ChildStream } from '../child-stream.js'
import type { LineMeaning } from '../child-stream.js'
import type { DeviceSightings } from '../device-processes.js'
import type { ReadingShelf } from '../reading-shelf.js'
import { parseProbeLine } from './probe-lines.js'
import type { ProbeLine } from './probe-lines.js'

/**
 * Milliseconds between readings. The devices have a new value every 100 ms (docs/evidence): half of
 * that places it within 50 ms, and a faster one tells the same value again.
 */
export const nvmlPeriodMs = 50
/** Seconds that a probe gets to load the library and find the devices. */
const helloSeconds = 20
/** Lives without one reading after which the source is given up. */
const barrenLives = 3

export interface NvmlStreamOptions {
  readonly clock: Clock
  readonly log: Log
  readonly shelf: Pick<ReadingShelf, 'add'>
  readonly sightings: DeviceSightings
  /** {@link nvmlPeriodMs} by default. */
  readonly periodMs?: number
  /** The library’s file, instead of the usual places. */
  readonly nvmlFile?: string
  /** The compiled probe, instead of the one beside this module. */
  readonly probe?: string
  /** Called once when the library worked at first and no longer does. */
  readonly onGivenUp: () => void
}

export type Hello = Extract<ProbeLine, { kind: 'hello' }>

/** The probe’s process: readings go to the shelf, processes to the sightings. */
export interface NvmlStream {
  readonly hello: Hello
  readonly pid: number | undefined
  /** CPU time of the probe over wall time, as it last said; undefined before that. */
  ownCpuShare(): number | undefined
  close(): Promise<void>
}

/** The compiled program: beside this module, or in dist when this module runs from its source. */
function probeEntry(): string {
  const here = new URL(import.meta.url)
  return fileURLToPath(
    here.pathname.endsWith('.ts')
      ? new URL('../../../dist/agent/host/nvml/nvml-probe.js', here)
      : new URL('./nvml-probe.js', here),
  )
}

/** @returns undefined where there is no library, or none that works; the log says why. */
export async function openNvmlStream(options: NvmlStreamOptions): Promise<NvmlStream | undefined> {
  const { clock, log, shelf, sightings, periodMs = nvmlPeriodMs } = options
  let own: number | undefined
  let settle: (hello: Hello | string) => void = () => undefined
  const greeted = new Promise<Hello | string>((resolve) => {
    settle = resolve
  })
  const read = (line: string): LineMeaning => {
    const said = parseProbeLine(line)
    switch (said?.kind) {
      case 'hello':
        settle(said)
        return 'other'
      case 'reading':
        shelf.add(said.reading)
        return 'reading'
      case 'processes':
        sightings.see(said.at, said.pids)
        return 'other'
      case 'own':
        own = said.cpuSeconds / said.wallSeconds
        return 'other'
      case 'refused':
        settle(said.reason)
        return 'refusal'
      case undefined:
        return 'garbage'
    }
  }
  let open = false
  const stream = new ChildStream({
    clock,
    log,
    name: 'the NVML probe',
    programs: [
      {
        command: process.execPath,
        args: [
          options.probe ?? probeEntry(),
          '--period-ms',
          `${periodMs}`,
          ...(options.nvmlFile === undefined ? [] : ['--nvml-file', options.nvmlFile]),
        ],
        reader: () => read,
      },
    ],
    onBarren: (lives, words) => {
      if (!open) settle(words.join(' ') || 'it ended without a word')
      else if (lives >= barrenLives) options.onGivenUp()
    },
  })
  const cancel = clock.after(helloSeconds, () => settle(`no answer within ${helloSeconds} s`))
  const hello = await greeted
  cancel()
  if (typeof hello === 'string' || hello.devices.length === 0) {
    await stream.close()
    log.debug({ reason: hello }, 'NVML is not used')
    return undefined
  }
  open = true
  return {
    hello,
    get pid() {
      return stream.pid
    },
    ownCpuShare: () => own,
    close: () => stream.close(),
  }
}
