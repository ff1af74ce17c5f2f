import { Worker } from 'node:worker_threads'
import { FmworkError } from '../../domain/errors.js'
import { uncarryError } from './thread-messages.js'
import type { Served, ThreadAnswer } from './thread-messages.js'

export interface ThreadOptions {
  /** A compiled program that calls serveThread. */
  readonly entry: URL
  readonly opening: unknown
  /** Of the thread, for debuggers. */
  readonly name: string
  /** What is served, in words: `planner`. */
  readonly what: string
  /** MiB that what is young in its heap may take: what was needed once is kept. Node’s 48 when absent. */
  readonly youngMebibytes?: number
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: FmworkError) => void
}

type Method<T, M extends keyof T> = Extract<T[M], (...given: never[]) => Promise<unknown>>
type Answered<T, M extends keyof T> = Awaited<ReturnType<Method<T, M>>>

/**
 * Calls an object that a thread of its own serves. A thread that dies takes the object along: every
 * call under way and every later one rejects with INTERNAL.
 */
export class ThreadCalls<T extends Served> {
  readonly #what: string
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #ended: Promise<void>
  #lastId = 0
  #broken: FmworkError | undefined
  #closing: Promise<void> | undefined

  constructor({ entry, opening, name, what, youngMebibytes }: ThreadOptions) {
    this.#what = what
    const resourceLimits =
      youngMebibytes === undefined ? {} : { maxYoungGenerationSizeMb: youngMebibytes }
    this.#worker = new Worker(entry, { workerData: opening, name, resourceLimits })
    this.#worker.on('message', (answer: ThreadAnswer) => {
      this.#settle(answer)
    })
    this.#worker.on('messageerror', (error) => {
      this.#break(`an answer of the ${what} could not be read: ${error.message}`, error)
    })
    this.#worker.on('error', (error) => {
      this.#break(`the ${what}’s thread failed: ${error.message}`, error)
    })
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#break(
          this.#closing === undefined
            ? `the ${what}’s thread ended by itself with code ${code}`
            : `the ${what} is closed`,
        )
        resolve()
      })
    })
  }

  /** Resolves when the object is there. @throws what opening it throws; no thread is left then. */
  async opened(): Promise<void> {
    try {
      await this.#wait(0)
    } catch (error) {
      await this.#ended
      throw error
    }
  }

  call<M extends keyof T & string>(
    method: M,
    given: Parameters<Method<T, M>>,
  ): Promise<Answered<T, M>> {
    const closed = this.#closing !== undefined
    const refusal =
      this.#broken ??
      (closed ? new FmworkError('INTERNAL', `the ${this.#what} is closed`) : undefined)
    if (refusal !== undefined) return Promise.reject(refusal)
    return this.#post(method, given) as Promise<Answered<T, M>>
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

  #post(method: string, given: readonly unknown[]): Promise<unknown> {
    const id = ++this.#lastId
    this.#worker.postMessage({ id, method, arguments: given })
    return this.#wait(id)
  }

  #wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
    })
  }

  #settle(answer: ThreadAnswer): void {
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
