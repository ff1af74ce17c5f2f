import { axesOf } from './axes.js'
import { DesignStrategy } from './design.js'
import { octaveLevels } from './octave-levels.js'
import type { Strategy, StrategyContext } from './strategy.js'

/** Octaves are halved this often before the loads left over come in their own order. */
const finest = 3
const steps = ['whole octaves', 'half-octaves', 'quarters of octaves', 'eighths of octaves']

/**
 * Loads at powers of two, then halfway between in octaves, then at quarters and eighths, then the
 * rest; every step over all lengths before the next.
 */
export function createOctaves(context: StrategyContext): Strategy {
  const { space } = context
  const levels = octaveLevels(axesOf(space).loads, finest)
  const levelOf = (place: number) => Math.floor(place / space.size)
  return new DesignStrategy('octaves', context, {
    length: space.size * (finest + 2),
    at(place) {
      const index = place % space.size
      return levels.get(space.at(index).load) === levelOf(place) ? index : undefined
    },
    why: (place) => {
      const step = steps[levelOf(place)]
      return step === undefined ? 'between the steps of the octaves' : `its load is on ${step}`
    },
  })
}
