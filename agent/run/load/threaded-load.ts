import type { Clock } from '../../../shared/process/clock.js'
import type { ClientHealth, LoadGenerator, LoadJob, LoadReport, LoadWindow } from './load-job.js'
import { splitJob } from './split-job.js'
import type { JobPart } from './split-job.js'

/** Requests in flight that one thread serves with ease: at 50 tokens/s each, a third of a core. */
const requestsPerThread = 256
/** Seconds for every thread to make its first requests ready before all start. */
const readySeconds = 0.25

/** Threads that a host of so many CPUs spares for load: a quarter, the engine has the rest. */
export const threadsFor = (cpuCount: number): number => Math.max(1, Math.floor(cpuCount / 4))

/**
 * Generates load in as many threads as it needs: one up to {@link requestsPerThread} requests in
 * flight. A loop ends in all threads when it ends in one.
 */
export class ThreadedLoad implements LoadGenerator {
  readonly #clock: Clock
  readonly #most: number
  readonly #make: () => LoadGenerator
  readonly #threads: LoadGenerator[] = []

  /**
   * @param most threads at most: those CPUs that the engine can spare.
   * @param make makes one thread.
   */
  constructor(clock: Clock, most: number, make: () => LoadGenerator) {
    this.#clock = clock
    this.#most = Math.max(1, most)
    this.#make = make
  }

  async run(job: LoadJob, signal: AbortSignal, enough?: AbortSignal): Promise<LoadReport> {
    const wanted = Math.min(this.#most, Math.ceil(inFlight(job) / requestsPerThread))
    const parts = splitJob(job, wanted)
    const threads = parts.map((_, index) => (this.#threads[index] ??= this.#make()))
    const [first] = threads
    if (parts.length < 2 && first !== undefined) return first.run(job, signal, enough)
    const startAt = this.#clock.monotonic() + readySeconds
    const over = new AbortController()
    const all = enough === undefined ? over.signal : AbortSignal.any([enough, over.signal])
    const reports = await Promise.all(
      threads.map(async (thread, index) => {
        const part = parts[index] as JobPart
        const report = await thread.run({ ...part.job, startAt }, signal, all)
        // The load is no longer what was asked: the others end as well.
        if (job.pattern.kind !== 'listed') over.abort()
        return {
          ...report,
          samples: report.samples.map((sample) => ({
            ...sample,
            request: part.requestOf(sample.request),
          })),
        }
      }),
    )
    return merged(reports, job.pattern.kind === 'closed-loop' || job.pattern.kind === 'open-loop')
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.close()))
  }
}

/** Requests that a job may have in flight at once, about. */
function inFlight({ pattern }: LoadJob): number {
  switch (pattern.kind) {
    case 'static-batch':
      return pattern.batch
    case 'closed-loop':
      return pattern.concurrency
    case 'open-loop':
      return pattern.rate
    case 'listed':
      return Math.min(pattern.requests.length, pattern.concurrency ?? Infinity)
  }
}

/** Why a loop ended, the gravest first. */
const gravity = [
  'failing',
  'cancelled',
  'over-saturated',
  'seconds',
  'requests',
  'precision',
] as const

function merged(reports: readonly LoadReport[], loop: boolean): LoadReport {
  const ended = gravity.find((reason) => reports.some((report) => report.ended === reason))
  const worst = (field: keyof ClientHealth) =>
    Math.max(...reports.map(({ health }) => health[field]))
  return {
    samples: reports.flatMap(({ samples }) => samples),
    window: windowOf(reports, loop),
    health: {
      eventLoopUtilization: worst('eventLoopUtilization'),
      loopDelayMean: worst('loopDelayMean'),
      loopDelayP99: worst('loopDelayP99'),
      loopDelayMax: worst('loopDelayMax'),
    },
    ...(ended === undefined ? {} : { ended }),
  }
}

/** Of a loop, when all threads held their load; of a batch or a list, from the first to the last. */
function windowOf(reports: readonly LoadReport[], loop: boolean): LoadWindow {
  const froms = reports.map(({ window }) => window.from)
  const tos = reports.map(({ window }) => window.to)
  if (!loop) return { from: Math.min(...froms), to: Math.max(...tos) }
  const to = Math.min(...tos)
  return { from: Math.min(to, Math.max(...froms)), to }
}
