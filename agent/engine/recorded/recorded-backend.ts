import type { Clock } from '../../../shared/process/clock.js'
import { createRandom } from '../../../shared/stats/random.js'
import type { Random } from '../../../shared/stats/random.js'
import type { BackendGauges, GenerationJob, GenerationListener } from '../serving/backend.js'
import { GenerationError } from '../serving/backend.js'
import { waitUntil } from '../serving/precise-wait.js'
import { StandInBackend } from '../serving/stand-in-backend.js'
import { standInToken } from '../serving/stand-in-text.js'
import type { Grid, GridRow } from './grid-reader.js'
import { exactRow, nearestRow, noisy, timingOf } from './recorded-timing.js'
import type { Timing } from './recorded-timing.js'

export interface RecordedBackendOptions {
  readonly model: string
  readonly grid: Grid
  /** The rows of this block. */
  readonly rows: readonly GridRow[]
  readonly seed: number
  readonly noise: boolean
  readonly timeScale: number
  /** Real seconds. */
  readonly arrivalSeconds: number
  readonly clock: Clock
}

interface Request {
  readonly job: GenerationJob
  readonly listener: GenerationListener
  cancelled: boolean
}

/**
 * Replays recorded latencies. Requests that arrive within one window form a group; its batch size is
 * the number of requests then in flight, so that a static batch and a closed loop both find their
 * row. A load that the grid lacks gets the nearest row’s timing (a warm-up needs some answer;
 * `infeasible` keeps such configurations from being measured).
 */
export class RecordedBackend extends StandInBackend {
  readonly #options: RecordedBackendOptions
  readonly #noise: Random
  #arriving: Request[] = []
  readonly #inFlight = new Set<Request>()
  #groups = 0

  constructor(options: RecordedBackendOptions) {
    super(options.model, longestContext(options.rows))
    this.#options = options
    this.#noise = createRandom(options.seed).fork('recorded')
  }

  submit(job: GenerationJob, listener: GenerationListener): () => void {
    const request: Request = { job, listener, cancelled: false }
    this.promptTokens += job.promptTokens.length
    this.#inFlight.add(request)
    this.#arriving.push(request)
    if (this.#arriving.length === 1) void this.#gather(this.#options.clock.monotonic())
    return () => {
      request.cancelled = true
      this.#inFlight.delete(request)
    }
  }

  gauges(): BackendGauges {
    return {
      running: this.#inFlight.size - this.#arriving.length,
      waiting: this.#arriving.length,
      promptTokens: this.promptTokens,
      generatedTokens: this.generatedTokens,
      kvUsedTokens: 0,
      kvCapacityTokens: 0,
      steps: this.#groups,
      stepSeconds: 0,
      evaluationSeconds: 0,
    }
  }

  /** The window is part of the recorded ttft, not added to it. */
  async #gather(begun: number): Promise<void> {
    const { clock, arrivalSeconds } = this.#options
    // Not `waitUntil`, which would keep the thread from reading the last of the requests.
    await clock.sleep(arrivalSeconds)
    const group = this.#arriving
    this.#arriving = []
    this.#groups += 1
    const byLengths = new Map<string, Request[]>()
    for (const request of group) {
      const key = `${request.job.promptTokens.length}/${request.job.maxTokens}`
      byLengths.set(key, [...(byLengths.get(key) ?? []), request])
    }
    for (const requests of byLengths.values()) void this.#replay(requests, begun)
  }

  #timing({ job }: Request): Timing | undefined {
    const { grid, rows } = this.#options
    const load = {
      batch: this.#inFlight.size,
      inputTokens: job.promptTokens.length,
      outputTokens: job.maxTokens,
    }
    const row = exactRow(grid, rows, load) ?? nearestRow(grid, rows, load)
    if (row === undefined) return undefined
    const exact = timingOf(row, job.maxTokens)
    return this.#options.noise ? noisy(exact, row, grid, this.#noise) : exact
  }

  async #replay(requests: readonly Request[], begun: number): Promise<void> {
    const { clock, timeScale } = this.#options
    const [first] = requests
    if (first === undefined) return
    const timing = this.#timing(first)
    if (timing === undefined) {
      for (const { listener } of requests) {
        listener.fail(new GenerationError(500, 'the grid has no row for this block'))
      }
      return
    }
    const count = first.job.maxTokens
    for (let index = 0; index < count; index += 1) {
      await waitUntil(begun + (timing.firstToken + index * timing.gap) * timeScale, clock)
      const last = index === count - 1
      for (const request of requests) {
        if (request.cancelled) continue
        if (last) this.#inFlight.delete(request)
        this.generatedTokens += 1
        request.listener.token(standInToken(index), last ? 'length' : undefined)
      }
    }
  }
}

function longestContext(rows: readonly GridRow[]): number {
  return rows.reduce((most, row) => Math.max(most, row.input_tokens + row.output_tokens), 1)
}
