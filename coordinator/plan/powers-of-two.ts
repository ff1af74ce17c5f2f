import { axesOf } from './axes.js'
import { DesignStrategy } from './design.js'
import { powerOfTwoLoads } from './octave-levels.js'
import type { Strategy, StrategyContext } from './strategy.js'

/** Only loads that are powers of two, at all lengths: the FMwork paper’s first reduction. */
export function createPowersOfTwo(context: StrategyContext): Strategy {
  const { space } = context
  const kept = powerOfTwoLoads(axesOf(space).loads)
  return new DesignStrategy('powers-of-two', context, {
    length: space.size,
    at: (place) => (kept.has(space.at(place).load) ? place : undefined),
    why: () => 'its load is a power of two',
  })
}
