import { randomOrder } from './weighted-order.js'
import type { Order } from './weighted-order.js'
import type { StrategyContext } from './strategy.js'

type AuditTerms = Pick<StrategyContext, 'space' | 'seed' | 'auditShare' | 'weight'>

/**
 * Configurations to audit: a seeded random order of the whole space, without replacement, who counts
 * more the earlier, past whatever was measured for other reasons. What comes next never depends on what it costs.
 */
export class AuditStream {
  readonly #order: Order
  readonly #share: number
  /** Everything before this place is closed for good. */
  #place = 0

  constructor({ space, seed, auditShare, weight }: AuditTerms) {
    this.#order = randomOrder(space.size, seed, weight)
    this.#share = auditShare
  }

  /**
   * The next audit, when the share allows it.
   *
   * @param explored device-seconds of everything else, running trials included.
   * @param audited device-seconds of audits, running ones included.
   * @param part of the share that is due by now, in 0…1.
   * @param isClosed measured or infeasible, for good.
   * @param isOpen may be measured now, by who asks.
   */
  due(
    explored: number,
    audited: number,
    part: number,
    isClosed: (index: number) => boolean,
    isOpen: (index: number) => boolean,
    cost: (index: number) => number,
  ): number | undefined {
    const index = this.#next(isClosed, isOpen)
    if (index === undefined) return undefined
    // Half of its own cost: it comes as much too early as the next one will be too late.
    const half = cost(index) / 2
    return audited + half <= part * this.#share * (explored + audited + half) ? index : undefined
  }

  #next(
    isClosed: (index: number) => boolean,
    isOpen: (index: number) => boolean,
  ): number | undefined {
    const { length } = this.#order
    while (this.#place < length && isClosed(this.#order.at(this.#place))) this.#place += 1
    for (let place = this.#place; place < length; place += 1) {
      const index = this.#order.at(place)
      if (isOpen(index)) return index
    }
    return undefined
  }
}
