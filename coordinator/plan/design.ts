import type { TrialPurpose } from '../../shared/domain/trial.js'
import type { Surface } from '../model/surface.js'
import type { Asker, Observation, Strategy, StrategyContext, Suggestion } from './strategy.js'
import { TrialBook } from './trial-book.js'

/** An order over configurations that never changes, computed place by place. */
export interface Design {
  readonly length: number
  /** The configuration at a place 0 … length-1; undefined where there is none. */
  at(place: number): number | undefined
  /** One sentence for people. */
  why(place: number): string
}

/** Whatever decides better than the order of the design; when it does not know, the design goes on. */
export interface Chooser {
  tell?(observation: Observation): void
  /**
   * Begins one ask.
   *
   * @returns called once per suggestion wanted; what it returned counts as no longer open.
   */
  begin(
    asker: Asker,
    book: TrialBook,
  ): (
    isOpen: (index: number) => boolean,
    taken: ReadonlySet<number>,
  ) => Omit<Suggestion, 'purpose'> | undefined
}

/** Places that a remaining cost is summed over; longer remainders are sampled evenly. */
const costSample = 2048

/**
 * Measures a design’s configurations once each, in its order, past what cannot run; a chooser may
 * pick out of order.
 */
export class DesignStrategy implements Strategy {
  readonly name: string
  readonly #design: Design
  readonly #surface: Surface
  readonly #context: StrategyContext
  readonly #chooser: Chooser | undefined
  readonly #book = new TrialBook()
  /** Every place before this one is closed for good. */
  #place = 0

  constructor(name: string, context: StrategyContext, design: Design, chooser?: Chooser) {
    this.name = name
    this.#design = design
    this.#context = context
    this.#surface = context.surface
    this.#chooser = chooser
  }

  tell(observation: Observation): void {
    this.#book.tell(observation)
    this.#chooser?.tell?.(observation)
  }

  tellPending(index: number, purpose: TrialPurpose): void {
    this.#book.tellPending(index, purpose)
  }

  remove(index: number): void {
    this.#book.remove(index)
  }

  ask(asker: Asker, count: number): Suggestion[] {
    const { space } = this.#context
    const taken = new Set<number>()
    const isOpen = (index: number): boolean =>
      this.#book.isFree(index) &&
      !taken.has(index) &&
      this.#surface.feasible(index) > 0 &&
      asker.canRun(space.at(index))
    const choose = this.#chooser?.begin(asker, this.#book)
    const suggestions: Suggestion[] = []
    let from = this.#firstOpenPlace()
    while (suggestions.length < count) {
      const chosen = choose?.(isOpen, taken)
      if (chosen !== undefined) {
        taken.add(chosen.index)
        suggestions.push({ ...chosen, purpose: 'explore' })
        continue
      }
      const place = this.#next(from, isOpen)
      if (place === undefined) break
      const index = this.#design.at(place) as number
      from = place + 1
      taken.add(index)
      suggestions.push({ index, purpose: 'explore', why: this.#design.why(place) })
    }
    return suggestions
  }

  exhausted(): boolean {
    for (let place = this.#firstOpenPlace(); place < this.#design.length; place += 1) {
      if (this.#isLeft(place)) return false
    }
    return true
  }

  remainingCost(): number {
    const first = this.#firstOpenPlace()
    const stride = Math.max(1, Math.ceil((this.#design.length - first) / costSample))
    let sum = 0
    for (let place = first; place < this.#design.length; place += stride) {
      if (this.#isLeft(place)) sum += this.#surface.cost(this.#design.at(place) as number)
    }
    return sum * stride
  }

  /** Still to be measured: not closed, and not known to fail. */
  #isLeft(place: number): boolean {
    const index = this.#design.at(place)
    return index !== undefined && !this.#book.isClosed(index) && this.#surface.feasible(index) > 0
  }

  #firstOpenPlace(): number {
    for (; this.#place < this.#design.length; this.#place += 1) {
      const index = this.#design.at(this.#place)
      if (index !== undefined && !this.#book.isClosed(index)) break
    }
    return this.#place
  }

  #next(from: number, isOpen: (index: number) => boolean): number | undefined {
    for (let place = from; place < this.#design.length; place += 1) {
      const index = this.#design.at(place)
      if (index !== undefined && isOpen(index)) return place
    }
    return undefined
  }
}
