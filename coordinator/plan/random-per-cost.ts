import { blockKey } from '../../shared/domain/configuration.js'
import { createRandom } from '../../shared/stats/random.js'
import { universeOf } from '../model/universe.js'
import { restartCost } from './adaptive-restart.js'
import { DesignStrategy } from './design.js'
import { randomDesign } from './random.js'
import type { Strategy, StrategyContext } from './strategy.js'

/** Configurations that race against one another; a larger space is sampled, the rest comes last. */
const raceLimit = 8192

/**
 * Random with a chance that falls as 1 / predicted cost, engine starts priced in. Each configuration
 * draws one exponential waiting time and waits that long times its cost; the first to be due goes.
 */
export function createRandomPerCost(context: StrategyContext): Strategy {
  const { space, surface, seed } = context
  const racers = universeOf(space.size, seed, raceLimit)
  const random = createRandom(seed).fork('random-per-cost')
  const waits = Float64Array.from(racers, () => -Math.log1p(-random.next()))
  const last = randomDesign(context, 'uniformly random: everything that raced is measured')
  return new DesignStrategy('random-per-cost', context, last, {
    begin({ runningBlock }) {
      let block = runningBlock
      return (isOpen) => {
        let best: number | undefined
        let soonest = Infinity
        for (let racer = 0; racer < racers.length; racer += 1) {
          const index = racers[racer] as number
          const wait = waits[racer] as number
          const cost = surface.cost(index)
          if (!(wait * cost < soonest)) continue
          const configuration = space.at(index)
          const isRunning = block === undefined || blockKey(configuration) === block
          const due = wait * (isRunning ? cost : cost + restartCost(configuration))
          if (!(due < soonest) || !isOpen(index)) continue
          best = index
          soonest = due
        }
        if (best === undefined) return undefined
        block = blockKey(space.at(best))
        return { index: best, why: 'random, cheap configurations more often' }
      }
    },
  })
}
