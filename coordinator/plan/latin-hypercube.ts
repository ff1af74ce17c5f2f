import { latinHypercube } from '../../shared/stats/latin-hypercube.js'
import { createRandom } from '../../shared/stats/random.js'
import type { PointSequence } from '../../shared/stats/sobol.js'
import { cubeDesign } from './cube-design.js'
import { DesignStrategy } from './design.js'
import type { Strategy, StrategyContext } from './strategy.js'

const firstHypercube = 16

/** Latin hypercubes of 16, 16, 32, 64, … points, one after another: nobody knows how many will be asked. */
function growingHypercubes(dimensions: number, seed: number): PointSequence {
  const random = createRandom(seed).fork('latin hypercubes')
  let given = 0
  let points: number[][] = []
  return {
    next() {
      if (points.length === 0) {
        const count = Math.max(firstHypercube, given)
        points = latinHypercube(count, dimensions, random.below(2 ** 31)).reverse()
        given += count
      }
      return points.pop() as number[]
    },
  }
}

/** Latin hypercubes over blocks, load and lengths. */
export function createLatinHypercube(context: StrategyContext): Strategy {
  return new DesignStrategy(
    'latin-hypercube',
    context,
    cubeDesign(
      context,
      (dimensions) => growingHypercubes(dimensions, context.seed),
      'the next point of a Latin hypercube',
    ),
  )
}
