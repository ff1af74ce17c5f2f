import { Worker } from 'node:worker_threads'
import { FmworkError } from '../../shared/domain/errors.js'
import type { SweepReader } from '../../shared/domain/sweep-reader.js'
import { uncarryError } from '../plan/planner-messages.js'
import type { ReaderAnswer, ReaderMethod } from './reader-messages.js'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: FmworkError) => void
}

type Answered<M extends ReaderMethod> = Awaited<ReturnType<SweepReader[M]>>

/**
 * A reader in a thread of its own: a long look at a large database costs the coordinator nothing.
 * A thread that dies rejects every call under way and every later one with INTERNAL.
 */
class WorkerReader implements SweepReader {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #ended: Promise<void>
  #lastId = 0
  #broken: FmworkError | undefined
  #closing: Promise<void> | undefined

  constructor(entry: URL, dataDir: string) {
    this.#worker = new Worker(entry, { workerData: dataDir, name: 'reader' })
    this.#worker.on('message', (answer: ReaderAnswer) => {
      this.#settle(answer)
    })
    this.#worker.on('error', (error) => {
      this.#break(`the reader’s thread failed: ${error.message}`, error)
    })
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#break(`the reader’s thread ended with code ${code}`)
        resolve()
      })
    })
  }

  async opened(): Promise<void> {
    try {
      await this.#wait(0)
    } catch (error) {
      await this.#ended
      throw error
    }
  }

  trials(...given: Parameters<SweepReader['trials']>): ReturnType<SweepReader['trials']> {
    return this.#call('trials', given)
  }

  next(...given: Parameters<SweepReader['next']>): ReturnType<SweepReader['next']> {
    return this.#call('next', given)
  }

  trial(...given: Parameters<SweepReader['trial']>): ReturnType<SweepReader['trial']> {
    return this.#call('trial', given)
  }

  events(...given: Parameters<SweepReader['events']>): ReturnType<SweepReader['events']> {
    return this.#call('events', given)
  }

  eventsSince(
    ...given: Parameters<SweepReader['eventsSince']>
  ): ReturnType<SweepReader['eventsSince']> {
    return this.#call('eventsSince', given)
  }

  curve(...given: Parameters<SweepReader['curve']>): ReturnType<SweepReader['curve']> {
    return this.#call('curve', given)
  }

  marks(...given: Parameters<SweepReader['marks']>): ReturnType<SweepReader['marks']> {
    return this.#call('marks', given)
  }

  pastCosts(...given: Parameters<SweepReader['pastCosts']>): ReturnType<SweepReader['pastCosts']> {
    return this.#call('pastCosts', given)
  }

  /** Serves the calls made before, then ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#broken === undefined) this.#post('close', []).catch(() => undefined)
    await this.#ended
  }

  #call<M extends ReaderMethod>(
    method: M,
    given: Parameters<SweepReader[M]>,
  ): Promise<Answered<M>> {
    const closed = this.#closing !== undefined
    const refusal =
      this.#broken ?? (closed ? new FmworkError('INTERNAL', 'the reader is closed') : undefined)
    if (refusal !== undefined) return Promise.reject(refusal)
    return this.#post(method, given) as Promise<Answered<M>>
  }

  #post(method: ReaderMethod, given: readonly unknown[]): Promise<unknown> {
    const id = ++this.#lastId
    this.#worker.postMessage({ id, method, arguments: given })
    return this.#wait(id)
  }

  #wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
    })
  }

  #settle(answer: ReaderAnswer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('error' in answer) waiting?.reject(uncarryError(answer.error))
    else waiting?.resolve(answer.value)
  }

  #break(message: string, cause?: unknown): void {
    this.#broken ??= new FmworkError('INTERNAL', message, { cause })
    for (const { reject } of this.#waiting.values()) reject(this.#broken)
    this.#waiting.clear()
  }
}

/**
 * Opens a reader of a data folder’s database in a thread of its own.
 *
 * @param entry the compiled reader-worker; another in tests only.
 * @throws FmworkError as openLocalReader.
 */
export async function openWorkerReader(
  dataDir: string,
  entry: URL = new URL('./reader-worker.js', import.meta.url),
): Promise<SweepReader> {
  const reader = new WorkerReader(entry, dataDir)
  await reader.opened()
  return reader
}
