import { isLearnt } from '../model/learnt-surface.js'
import type { Surface } from '../model/surface.js'
import { SeededOrder } from '../model/universe.js'
import type { StrategyContext, Suggestion } from './strategy.js'

/** One audit in so many runs what longer runs told of already, until there are enough. */
const auditsPerCheck = 4
/** Checks after which the bias of what was harvested is known to a third of its noise. */
const enoughChecks = 8

/** A longer run told of it, and that is trusted. */
export function isHarvested(surface: Surface, index: number): boolean {
  return isLearnt(surface) && surface.isHarvested(index)
}

/** Configurations that are known from longer runs alone. */
export function harvestedOnly(surface: Surface): number {
  if (!isLearnt(surface)) return 0
  const { trusted, harvested } = surface.harvest()
  return trusted ? harvested : 0
}

/**
 * Audits of what was harvested: a seeded random order of the space, of which those are run that longer
 * runs told of. What is known of nothing is audited apart, so that neither hides the other’s errors.
 */
export class HarvestChecks {
  readonly #context: StrategyContext
  readonly #order: SeededOrder

  constructor(context: StrategyContext) {
    this.#context = context
    this.#order = new SeededOrder(context.space.size, context.seed + 2)
  }

  /**
   * The check that takes an audit’s place, if it is its turn.
   *
   * @param audits that ended, are under way or about to start, checks among them.
   * @param underWay configurations whose trials are under way or about to start.
   */
  due(
    audits: number,
    underWay: readonly number[],
    isOpen: (index: number) => boolean,
  ): Suggestion | undefined {
    const { surface, space } = this.#context
    if (!isLearnt(surface) || harvestedOnly(surface) === 0) return undefined
    const checks =
      surface.harvest().checks + underWay.filter((index) => isHarvested(surface, index)).length
    if (checks >= Math.min(enoughChecks, Math.floor((audits + 1) / auditsPerCheck)))
      return undefined
    for (let place = 0; place < space.size; place += 1) {
      const index = this.#order.at(place)
      if (!isHarvested(surface, index) || !isOpen(index)) continue
      return {
        index,
        purpose: 'audit',
        why: 'uniformly random of what longer runs told of, to check that against a run of its own',
      }
    }
    return undefined
  }
}
