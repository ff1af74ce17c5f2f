import { Worker } from 'node:worker_threads'
import type { EngineFacts } from '../../shared/domain/environment.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { SurfaceRow } from '../../shared/domain/sweep-desk.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import type { AskerFacts, OpenPlanner, Planner, PlanStatus } from './planner.js'
import { uncarryError } from './planner-messages.js'
import type { PlannerAnswer, PlannerMethod, PlannerOpening } from './planner-messages.js'
import type { Observation, Suggestion } from './strategy.js'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: FmworkError) => void
}

/**
 * A planner in a thread of its own. A thread that dies takes its planner along: every call under way
 * and every later one rejects with INTERNAL.
 */
class WorkerPlanner implements Planner {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #ended: Promise<void>
  #lastId = 0
  #broken: FmworkError | undefined
  #closing: Promise<void> | undefined

  constructor(entry: URL, opening: PlannerOpening) {
    this.#worker = new Worker(entry, { workerData: opening, name: `planner ${opening.sweep.name}` })
    this.#worker.on('message', (answer: PlannerAnswer) => {
      this.#settle(answer)
    })
    this.#worker.on('messageerror', (error) => {
      this.#break(`a planner’s answer could not be read: ${error.message}`, error)
    })
    this.#worker.on('error', (error) => {
      this.#break(`a planner’s thread failed: ${error.message}`, error)
    })
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#break(
          this.#closing === undefined
            ? `a planner’s thread ended by itself with code ${code}`
            : 'the planner is closed',
        )
        resolve()
      })
    })
  }

  /** Resolves when the planner is there. @throws what opening it throws. */
  async opened(): Promise<void> {
    try {
      await this.#wait(0)
    } catch (error) {
      await this.#ended
      throw error
    }
  }

  async ask(asker: AskerFacts, count: number): Promise<Suggestion[]> {
    return (await this.#call('ask', [asker, count])) as Suggestion[]
  }

  async tell(observation: Observation): Promise<void> {
    await this.#call('tell', [observation])
  }

  async tellPending(index: number, purpose: TrialPurpose): Promise<void> {
    await this.#call('tellPending', [index, purpose])
  }

  async remove(index: number): Promise<void> {
    await this.#call('remove', [index])
  }

  async tellEngine(blockKey: string, facts: EngineFacts): Promise<void> {
    await this.#call('tellEngine', [blockKey, facts])
  }

  async status(): Promise<PlanStatus> {
    return (await this.#call('status', [])) as PlanStatus
  }

  async surface(first: number, count: number): Promise<SurfaceRow[]> {
    return (await this.#call('surface', [first, count])) as SurfaceRow[]
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

  #call<M extends PlannerMethod>(method: M, parameters: Parameters<Planner[M]>): Promise<unknown> {
    const refusal =
      this.#broken ??
      (this.#closing === undefined
        ? undefined
        : new FmworkError('INTERNAL', 'the planner is closed'))
    return refusal === undefined ? this.#post(method, parameters) : Promise.reject(refusal)
  }

  #post(method: PlannerMethod, parameters: readonly unknown[]): Promise<unknown> {
    const id = ++this.#lastId
    this.#worker.postMessage({ id, method, arguments: parameters })
    return this.#wait(id)
  }

  #wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
    })
  }

  #settle(answer: PlannerAnswer): void {
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

/** Opens planners in threads that run `entry`, the compiled planner-worker. */
export function workerPlanners(entry: URL): OpenPlanner {
  return async (sweep: Sweep, hardware: readonly string[]) => {
    const planner = new WorkerPlanner(entry, { sweep, hardware })
    await planner.opened()
    return planner
  }
}

/**
 * Opens a sweep’s planner in a thread of its own.
 *
 * @throws FmworkError as openLocalPlanner.
 */
export const openWorkerPlanner: OpenPlanner = workerPlanners(
  new URL('./planner-worker.js', import.meta.url),
)
