import type { StrategyName } from '../../shared/domain/sweep.js'
import { createAdaptive } from './adaptive.js'
import { createCustom } from './custom.js'
import { createFullGrid } from './full-grid.js'
import { createLatinHypercube } from './latin-hypercube.js'
import { createMaxVariance } from './max-variance.js'
import { createOctaves } from './octaves.js'
import { createPowersOfTwo } from './powers-of-two.js'
import { createRandomPerCost } from './random-per-cost.js'
import { createRandomOrder } from './random.js'
import { createShortOutput } from './short-output.js'
import { createSimplex } from './simplex.js'
import { createSobol } from './sobol.js'
import type { Strategy, StrategyContext } from './strategy.js'
import { withAudits } from './with-audits.js'

/**
 * Every strategy that a sweep file may name. `full-grid` needs no audits and `custom` measures only
 * what it was given; `adaptive` spends its own.
 */
export const strategies = {
  adaptive: createAdaptive,
  'full-grid': createFullGrid,
  'powers-of-two': withAudits(createPowersOfTwo),
  octaves: withAudits(createOctaves),
  'short-output': withAudits(createShortOutput),
  random: withAudits(createRandomOrder),
  'random-per-cost': withAudits(createRandomPerCost),
  'latin-hypercube': withAudits(createLatinHypercube),
  sobol: withAudits(createSobol),
  simplex: withAudits(createSimplex),
  'max-variance': withAudits(createMaxVariance),
  custom: createCustom,
} satisfies Record<StrategyName, (context: StrategyContext) => Strategy>
