import type { TrialPurpose } from '../../shared/domain/trial.js'
import type { Observation } from './strategy.js'

/** What a strategy remembers of its trials: which ended, which are under way, what they cost. */
export class TrialBook {
  readonly #closed = new Set<number>()
  readonly #pending = new Map<number, TrialPurpose>()
  readonly #paid: Pick<Observation, 'index' | 'cost' | 'purpose'>[] = []

  tell({ index, cost, purpose }: Observation): void {
    this.#pending.delete(index)
    this.#closed.add(index)
    this.#paid.push({ index, cost, purpose })
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

  /**
   * Device-seconds spent, and predicted for what is under way, of the trials of a purpose. Summed in
   * one order, so that the order of tells leaves no trace.
   */
  spent(counts: (purpose: TrialPurpose) => boolean, predict: (index: number) => number): number {
    const running = [...this.#pending].map(([index, purpose]) => ({
      index,
      purpose,
      cost: predict(index),
    }))
    return [...this.#paid, ...running]
      .filter(({ purpose }) => counts(purpose))
      .sort((a, b) => a.index - b.index || a.cost - b.cost)
      .reduce((sum, { cost }) => sum + cost, 0)
  }
}
