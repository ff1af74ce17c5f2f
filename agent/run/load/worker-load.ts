import { Worker } from 'node:worker_threads'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Clock } from '../../../shared/process/clock.js'
import { createRandom } from '../../../shared/stats/random.js'
import type { LoadGenerator, LoadJob, LoadReport } from './load-job.js'
import type { LoadAnswer, LoadOrder } from './worker-protocol.js'

/** Seconds that an aborted job gets to close its sockets before its thread is ended. */
const abortGraceSeconds = 5

/** Seconds between pulses on average: a trial of a second has two hundred, for 0.5 % of a core. */
const pulseSeconds = 0.005

interface Waiter {
  resolve(report: LoadReport): void
  reject(error: Error): void
}

/** The compiled thread: beside this module, or in dist when this module runs from its source. */
function workerEntry(): URL {
  const here = new URL(import.meta.url)
  return here.pathname.endsWith('.ts')
    ? new URL('../../../dist/agent/run/load/load-worker.js', here)
    : new URL('./load-worker.js', here)
}

/** Generates load in a worker thread, started with the first job and again after it died. */
export class WorkerLoad implements LoadGenerator {
  readonly #clock: Clock
  readonly #entry: URL
  #worker: Worker | undefined
  #nextId = 0
  readonly #waiting = new Map<number, Waiter>()
  readonly #random = createRandom(process.pid)
  #cancelPulse: (() => void) | undefined

  constructor(clock: Clock, entry: URL = workerEntry()) {
    this.#clock = clock
    this.#entry = entry
  }

  run(job: LoadJob, signal: AbortSignal, enough?: AbortSignal): Promise<LoadReport> {
    if (signal.aborted) return Promise.reject(asError(signal.reason))
    const worker = (this.#worker ??= this.#start())
    const id = this.#nextId++
    const say = (order: LoadOrder) => worker.postMessage(order)
    return new Promise<LoadReport>((resolve, reject) => {
      let cancelGrace: () => void = () => undefined
      const onAbort = () => {
        say({ kind: 'abort', id })
        cancelGrace = this.#clock.after(abortGraceSeconds, () => void worker.terminate())
      }
      const onEnough = () => say({ kind: 'enough', id })
      const leave = () => {
        cancelGrace()
        enough?.removeEventListener('abort', onEnough)
        signal.removeEventListener('abort', onAbort)
        this.#waiting.delete(id)
        if (this.#waiting.size > 0) return
        this.#cancelPulse?.()
        this.#cancelPulse = undefined
        worker.unref()
      }
      this.#waiting.set(id, {
        resolve: (report) => {
          leave()
          if (signal.aborted) reject(asError(signal.reason))
          else resolve(report)
        },
        reject: (error) => {
          leave()
          reject(signal.aborted ? asError(signal.reason) : error)
        },
      })
      signal.addEventListener('abort', onAbort, { once: true })
      enough?.addEventListener('abort', onEnough, { once: true })
      worker.ref()
      say({ kind: 'run', id, job })
      if (this.#cancelPulse === undefined) this.#pulse(say)
    })
  }

  /** Pulses at moments that nothing in the load is in step with. */
  #pulse(say: (order: LoadOrder) => void): void {
    const wait = -pulseSeconds * Math.log(1 - this.#random.next())
    this.#cancelPulse = this.#clock.after(wait, () => {
      say({ kind: 'pulse', at: this.#clock.monotonic() })
      this.#pulse(say)
    })
  }

  async close(): Promise<void> {
    const worker = this.#worker
    if (worker === undefined) return
    this.#worker = undefined
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.ref()
    worker.postMessage({ kind: 'close' } satisfies LoadOrder)
    const cancel = this.#clock.after(abortGraceSeconds, () => void worker.terminate())
    await exited
    cancel()
  }

  #start(): Worker {
    const worker = new Worker(this.#entry, { name: 'load' })
    worker.unref()
    worker.on('message', (answer: LoadAnswer) => {
      const waiter = this.#waiting.get(answer.id)
      if (answer.kind === 'report') waiter?.resolve(answer.report)
      else waiter?.reject(new FmworkError('INTERNAL', `the load generator: ${answer.reason}`))
    })
    const gone = (reason: string) => {
      if (this.#worker === worker) this.#worker = undefined
      for (const waiter of [...this.#waiting.values()]) {
        waiter.reject(new FmworkError('INTERNAL', `the load generator’s thread ended: ${reason}`))
      }
    }
    worker.on('error', (error) => gone(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => gone(`exit code ${code}`))
    return worker
  }
}

const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error(String(reason))
