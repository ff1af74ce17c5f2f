import { SeededOrder } from '../model/universe.js'
import { DesignStrategy } from './design.js'
import type { Design } from './design.js'
import type { Strategy, StrategyContext } from './strategy.js'

/** The whole space in a seeded random order. */
export function randomDesign({ space, seed }: StrategyContext, why = 'uniformly random'): Design {
  const order = new SeededOrder(space.size, seed)
  return { length: space.size, at: (place) => order.at(place), why: () => why }
}

/** Uniformly random without replacement. */
export function createRandomOrder(context: StrategyContext): Strategy {
  return new DesignStrategy('random', context, randomDesign(context))
}
