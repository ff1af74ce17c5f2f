import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { DocumentReader, gpuEntries } from './amd-smi-parser/document.js'
import { metricFigures } from './amd-smi-parser/metric.js'
import { ChildStream } from './child-stream.js'
import type { LineMeaning } from './child-stream.js'
import { procFiles } from './proc-files.js'
import { parseProcessStat } from './proc-parser.js'
import type { ReadingShelf } from './reading-shelf.js'

/** Seconds that `--watch` sleeps between rounds: it takes whole ones, and no fewer. */
const sleepSeconds = 1
/** Rounds whose intervals are kept. */
const keptRounds = 16
/** Round after which the interval and the cost are told. */
const toldAtRound = 10

export interface AmdSmiStreamOptions {
  readonly clock: Clock
  readonly log: Log
  readonly command: string
  /** Sections to read. */
  readonly question: readonly string[]
  /** Device ids by amd-smi’s number. */
  readonly ids: ReadonlyMap<number, string>
  readonly shelf: Pick<ReadingShelf, 'add'>
}

/** One long-lived `amd-smi metric --watch`, whose rounds go to the shelf as readings. */
export class AmdSmiStream {
  readonly #options: AmdSmiStreamOptions
  readonly #stream: ChildStream
  #intervals: number[] = []
  #rounds = 0
  #startedAt: number | undefined

  constructor(options: AmdSmiStreamOptions) {
    this.#options = options
    const { clock, log, command, question } = options
    this.#stream = new ChildStream({
      clock,
      log,
      name: 'amd-smi',
      programs: [
        {
          command,
          args: ['metric', ...question, '--watch', `${sleepSeconds}`, '--json'],
          // Python keeps what it writes to a pipe until it is much; a round would come with the next.
          env: { PYTHONUNBUFFERED: '1' },
          reader: () => this.#reader(),
        },
      ],
    })
  }

  /** Seconds between rounds as they came: the sleep, and the time that reading the devices takes. */
  get periodSeconds(): number {
    return middle(this.#intervals) ?? sleepSeconds
  }

  get pid(): number | undefined {
    return this.#stream.pid
  }

  close(): Promise<void> {
    return this.#stream.close()
  }

  #reader(): (line: string) => LineMeaning {
    const documents = new DocumentReader()
    const { clock } = this.#options
    let before: number | undefined
    this.#startedAt = undefined
    return (line) => {
      const answer = documents.add(line)
      if (answer === undefined) return 'other'
      const arrival = clock.wall()
      const told = this.#shelve(answer, arrival, before)
      if (before !== undefined) this.#note((arrival - before) / 1000)
      before = arrival
      this.#startedAt ??= clock.monotonic()
      return told ? 'reading' : 'garbage'
    }
  }

  /**
   * A round reads one device after the other when its sleep is over and is written as a whole: each
   * device gets its share of the time between.
   */
  #shelve(answer: unknown, arrival: number, before: number | undefined): boolean {
    const { ids, shelf } = this.#options
    const entries = gpuEntries(answer)
    const woke = before === undefined ? arrival : before + 1000 * sleepSeconds
    const reading = Math.max(0, arrival - woke) / Math.max(1, entries.length)
    let told = false
    for (const [place, { gpu, fields }] of entries.entries()) {
      const device = ids.get(gpu)
      const figures = metricFigures(fields)
      if (device === undefined || Object.keys(figures).length === 0) continue
      told = true
      shelf.add({ at: Math.min(arrival, woke + (place + 0.5) * reading), device, ...figures })
    }
    return told
  }

  #note(seconds: number): void {
    this.#intervals = [...this.#intervals, seconds].slice(-keptRounds)
    this.#rounds += 1
    if (this.#rounds !== toldAtRound || this.pid === undefined) return
    const { clock, log } = this.#options
    const ran = parseProcessStat(procFiles.text(`/proc/${this.pid}/stat`) ?? '')?.cpuSeconds
    const since = clock.monotonic() - (this.#startedAt ?? clock.monotonic())
    log.info(
      {
        intervalSeconds: this.periodSeconds,
        ...(ran === undefined || since <= 0 ? {} : { cpuShare: ran / since }),
      },
      'amd-smi: its interval, and its share of one core, its start included',
    )
  }
}

function middle(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
