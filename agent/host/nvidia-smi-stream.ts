import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TelemetryReading } from '../../shared/domain/sample.js'
import type { Cancel, Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { parseGpuLine } from './nvidia-smi-parser/csv.js'
import type { GpuRow } from './nvidia-smi-parser/csv.js'

/** Milliseconds between readings; nvidia-smi under load keeps to 100-107. */
export const streamPeriodMs = 100
/** Seconds before a stream that ended is started again; doubled each time it gives nothing. */
const firstRestartSeconds = 0.5
const longestRestartSeconds = 30
/** Readings kept: ten minutes of eight devices. */
const keptReadings = 50_000
/** Milliseconds that a line’s own time may differ from its arrival before the arrival is taken. */
const plausibleLagMs = 5_000

const columns = (reasons: string, power: string) =>
  `timestamp,uuid,utilization.gpu,memory.used,${power},clocks.sm,temperature.gpu,${reasons}`

/** Newest names first; an old driver refuses the fields that it does not know. */
const queries: readonly string[] = [
  columns('clocks_event_reasons.active', 'power.draw,power.draw.instant'),
  columns('clocks_throttle_reasons.active', 'power.draw'),
]

export interface NvidiaSmiStreamOptions {
  readonly clock: Clock
  readonly log: Log
  /** Program to run; `nvidia-smi` by default. */
  readonly command?: string
}

/** One long-lived `nvidia-smi`, read line by line; started again when it ends. */
export class NvidiaSmiStream {
  readonly #clock: Clock
  readonly #log: Log
  readonly #command: string
  readonly #listeners = new Set<(reading: TelemetryReading) => void>()
  #readings: TelemetryReading[] = []
  #child: ChildProcess | undefined
  #query = 0
  #restartSeconds = firstRestartSeconds
  #cancelRestart: Cancel = () => undefined
  #state: 'open' | 'closed' = 'open'

  constructor(options: NvidiaSmiStreamOptions) {
    this.#clock = options.clock
    this.#log = options.log
    this.#command = options.command ?? 'nvidia-smi'
    this.#start()
  }

  between(from: number, to: number): readonly TelemetryReading[] {
    return this.#readings.filter(({ at }) => at >= from && at <= to)
  }

  subscribe(listener: (reading: TelemetryReading) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    this.#cancelRestart()
    const child = this.#child
    if (child === undefined) return
    const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
    child.kill('SIGTERM')
    const cancel = this.#clock.after(2, () => child.kill('SIGKILL'))
    await exited
    cancel()
  }

  #start(): void {
    const child = spawn(
      this.#command,
      [
        `--query-gpu=${queries[this.#query] ?? ''}`,
        '--format=csv,nounits',
        '-lms',
        `${streamPeriodMs}`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#child = child
    let header: readonly string[] | undefined
    let told = 0
    let refused = false
    const words: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = parseGpuLine(line, header)
      switch (parsed.kind) {
        case 'header':
          header = parsed.columns
          return
        case 'row': {
          told += 1
          this.#restartSeconds = firstRestartSeconds
          const reading = toReading(parsed.row, this.#clock.wall())
          if (reading !== undefined) this.#keep(reading)
          return
        }
        case 'garbage':
          if (words.length < 5) words.push(line)
          if (/not a valid field/i.test(line)) refused = true
      }
    })
    child.stderr.on('data', (bytes: Buffer) => {
      if (words.length < 5) words.push(bytes.toString('utf8').trim())
    })
    let ended = false
    const onEnd = (reason: string) => {
      if (ended) return
      ended = true
      this.#child = undefined
      if (this.#state === 'closed') return
      if (refused && told === 0 && this.#query < queries.length - 1) {
        this.#query += 1
        this.#start()
        return
      }
      this.#log.warn({ reason, said: words }, 'nvidia-smi ended; it is started again')
      this.#cancelRestart = this.#clock.after(this.#restartSeconds, () => this.#start())
      this.#restartSeconds = Math.min(longestRestartSeconds, this.#restartSeconds * 2)
    }
    child.once('error', (error) => onEnd(error.message))
    child.once('close', (code, signal) => onEnd(`exit code ${code ?? signal ?? 'unknown'}`))
  }

  #keep(reading: TelemetryReading): void {
    this.#readings.push(reading)
    if (this.#readings.length > keptReadings * 1.2) {
      this.#readings = this.#readings.slice(-keptReadings)
    }
    for (const listener of this.#listeners) listener(reading)
  }
}

/** @param arrival epoch milliseconds at which the line came. */
export function toReading(row: GpuRow, arrival: number): TelemetryReading | undefined {
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
