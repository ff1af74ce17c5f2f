import { rawReport } from './codec/raw-report.js'
import { AgentService } from './schema.js'

/** The agents’ service, whose reports come undecoded: see {@link ReportIntake}. */
export const rawAgentService = {
  ...AgentService.service,
  Report: { ...AgentService.service.Report, requestDeserialize: rawReport },
}

/** Bytes of reports, as they came, that are decoded and not yet recorded at a time. */
const decodedBytes = 4 * 2 ** 20

interface Arrived {
  readonly size: number
  readonly take: () => Promise<void>
}

/**
 * Takes reports in one by one, however many come at once. They wait as the bytes that they came in,
 * since decoded they weigh several times as much, and each is decoded in a turn of the event loop of its
 * own, so that others are served in between. An agent sends one at a time, so that no more of them wait
 * than there are agents.
 */
export class ReportIntake {
  readonly #room: number
  readonly #arrived: Arrived[] = []
  #decoded = 0
  #isScheduled = false

  constructor(room = decodedBytes) {
    this.#room = room
  }

  /** @param work decodes and records, in its turn. */
  run<T>(bytes: Buffer, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const take = () => Promise.resolve().then(work).then(resolve, reject)
      this.#arrived.push({ size: bytes.length, take })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isScheduled || this.#arrived.length === 0) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#next()
    })
  }

  #next(): void {
    const [first] = this.#arrived
    if (first === undefined) return
    const { size, take } = first
    if (this.#decoded > 0 && this.#decoded + size > this.#room) return
    this.#arrived.shift()
    this.#decoded += size
    void take().then(() => {
      this.#decoded -= size
      this.#schedule()
    })
    this.#schedule()
  }
}
