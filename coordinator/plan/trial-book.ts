import type { TrialPurpose } from '../../shared/domain/trial.js'
import type { Observation } from './strategy.js'

/**
 * Costs are summed as whole microseconds, so that the order of tells leaves no trace in a sum: it is exact
 * up to 285 device-years.
 */
const perSecond = 1e6

/** What a strategy remembers of its trials: which ended, which are under way, what they cost. */
export class TrialBook {
  readonly #closed = new Set<number>()
  readonly #pending = new Map<number, TrialPurpose>()
  readonly #paid: Pick<Observation, 'index' | 'cost' | 'purpose'>[] = []
  readonly #spent = new Map<TrialPurpose, number>()

  tell({ index, cost, purpose }: Observation): void {
    this.#pending.delete(index)
    this.#closed.add(index)
    this.#paid.push({ index, cost, purpose })
    this.#spent.set(purpose, (this.#spent.get(purpose) ?? 0) + Math.round(cost * perSecond))
  }

  tellPending(index: number, purpose: TrialPurpose): void {
    this.#pending.set(index, purpose)
  }

  remove(index: number): void {
    this.#pending.delete(index)
  }

  /** Measured, or found infeasible. */
  isClosed(index: number): boolean {
    return this.#closed.has(index)
  }

  isPending(index: number): boolean {
    return this.#pending.has(index)
  }

  /** Neither closed nor pending. */
  isFree(index: number): boolean {
    return !this.#closed.has(index) && !this.#pending.has(index)
  }

  /** Trials that ended, repeats among them. */
  get ended(): readonly Pick<Observation, 'index' | 'cost' | 'purpose'>[] {
    return this.#paid
  }

  /** Configurations whose trials are under way. */
  get underWay(): readonly number[] {
    return [...this.#pending.keys()]
  }

  /** Trials under way for a purpose. */
  underWayFor(purpose: TrialPurpose): number {
    return [...this.#pending.values()].filter((each) => each === purpose).length
  }

  get closedCount(): number {
    return this.#closed.size
  }

  get pendingCount(): number {
    return this.#pending.size
  }

  /** Device-seconds spent, and predicted for what is under way, of the trials of a purpose. */
  spent(counts: (purpose: TrialPurpose) => boolean, predict: (index: number) => number): number {
    let sum = 0
    for (const [purpose, spent] of this.#spent) if (counts(purpose)) sum += spent
    for (const [index, purpose] of this.#pending) {
      if (counts(purpose)) sum += Math.round(predict(index) * perSecond)
    }
    return sum / perSecond
  }
}
