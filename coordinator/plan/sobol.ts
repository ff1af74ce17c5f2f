import { scrambledSobol } from '../../shared/stats/sobol.js'
import { cubeDesign } from './cube-design.js'
import { DesignStrategy } from './design.js'
import type { Design } from './design.js'
import type { Strategy, StrategyContext } from './strategy.js'

/** Scrambled Sobol points over blocks, load and lengths, then the rest of the space at random. */
export function sobolDesign(context: StrategyContext): Design {
  return cubeDesign(
    context,
    (dimensions) => scrambledSobol(dimensions, context.seed),
    'the next point of a Sobol sequence',
  )
}

export function createSobol(context: StrategyContext): Strategy {
  return new DesignStrategy('sobol', context, sobolDesign(context))
}
