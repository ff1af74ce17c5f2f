import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { ChildStream } from './child-stream.js'
import type { ChildProgram, LineMeaning } from './child-stream.js'
import type { DeviceReading } from './device-telemetry.js'
import { parseGpuLine } from './nvidia-smi-parser/csv.js'
import type { GpuRow } from './nvidia-smi-parser/csv.js'
import type { ReadingShelf } from './reading-shelf.js'

/** Milliseconds between readings; nvidia-smi under load keeps to 100-107. */
export const streamPeriodMs = 100
/** Milliseconds that a line’s own time may differ from its arrival before the arrival is taken. */
const plausibleLagMs = 5_000

const columns = (reasons: string, power: string) =>
  `timestamp,uuid,utilization.gpu,memory.used,${power},clocks.sm,temperature.gpu,${reasons}`

/** Newest names first; an old driver refuses the fields that it does not know. */
const queries: readonly [string, ...string[]] = [
  columns('clocks_event_reasons.active', 'power.draw,power.draw.instant'),
  columns('clocks_throttle_reasons.active', 'power.draw'),
]

export interface NvidiaSmiStreamOptions {
  readonly clock: Clock
  readonly log: Log
  readonly shelf: Pick<ReadingShelf, 'add'>
  /** Program to run; `nvidia-smi` by default. */
  readonly command?: string
  /** {@link streamPeriodMs} by default. */
  readonly periodMs?: number
}

/** One long-lived `nvidia-smi`, whose lines go to the shelf as readings. */
export class NvidiaSmiStream {
  readonly #stream: ChildStream
  readonly #clock: Clock
  readonly #shelf: Pick<ReadingShelf, 'add'>

  constructor(options: NvidiaSmiStreamOptions) {
    const { clock, log, command = 'nvidia-smi', periodMs = streamPeriodMs } = options
    this.#clock = clock
    this.#shelf = options.shelf
    const program = (query: string): ChildProgram => ({
      command,
      args: [`--query-gpu=${query}`, '--format=csv,nounits', '-lms', `${periodMs}`],
      reader: () => this.#reader(),
    })
    const [newest, ...older] = queries
    this.#stream = new ChildStream({
      clock,
      log,
      name: 'nvidia-smi',
      programs: [program(newest), ...older.map(program)],
    })
  }

  get pid(): number | undefined {
    return this.#stream.pid
  }

  close(): Promise<void> {
    return this.#stream.close()
  }

  #reader(): (line: string) => LineMeaning {
    let header: readonly string[] | undefined
    return (line) => {
      const parsed = parseGpuLine(line, header)
      switch (parsed.kind) {
        case 'header':
          header = parsed.columns
          return 'other'
        case 'row': {
          const reading = toReading(parsed.row, this.#clock.wall())
          if (reading !== undefined) this.#shelf.add(reading)
          return 'reading'
        }
        case 'garbage':
          return /not a valid field/i.test(line) ? 'refusal' : 'garbage'
      }
    }
  }
}

/** @param arrival epoch milliseconds at which the line came. */
export function toReading(row: GpuRow, arrival: number): DeviceReading | undefined {
  if (row.uuid === undefined) return undefined
  const { at = arrival } = row
  return {
    at: Math.abs(arrival - at) < plausibleLagMs ? at : arrival,
    device: row.uuid,
    ...(row.utilizationPercent === undefined ? {} : { utilizationPercent: row.utilizationPercent }),
    ...(row.memoryUsedBytes === undefined ? {} : { memoryBytes: row.memoryUsedBytes }),
    ...(row.powerWatts === undefined ? {} : { powerWatts: row.powerWatts }),
    ...(row.temperatureCelsius === undefined ? {} : { temperatureCelsius: row.temperatureCelsius }),
    ...(row.smClockMhz === undefined ? {} : { clockMhz: row.smClockMhz }),
    ...(row.throttleReasons === undefined ? {} : { throttleReasons: row.throttleReasons }),
  }
}
