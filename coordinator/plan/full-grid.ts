import { DesignStrategy } from './design.js'
import type { Strategy, StrategyContext } from './strategy.js'

/** Everything, in the space’s own order, which keeps blocks together: the reference of all others. */
export function createFullGrid(context: StrategyContext): Strategy {
  const { size } = context.space
  return new DesignStrategy('full-grid', context, {
    length: size,
    at: (place) => place,
    why: (place) => `configuration ${place + 1} of the full grid’s ${size}`,
  })
}
