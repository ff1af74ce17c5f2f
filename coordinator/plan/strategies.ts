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
import { withAnchors } from './with-anchors.js'
import { withAudits } from './with-audits.js'

/**
 * Every strategy that a sweep file may name. `full-grid` needs no audits and `custom` measures only
 * what it was given, no anchors either; `adaptive` spends its own audits.
 */
export const strategies = {
  adaptive: withAnchors(createAdaptive),
  'full-grid': withAnchors(createFullGrid),
  'powers-of-two': withAnchors(withAudits(createPowersOfTwo)),
  octaves: withAnchors(withAudits(createOctaves)),
  'short-output': withAnchors(withAudits(createShortOutput)),
  random: withAnchors(withAudits(createRandomOrder)),
  'random-per-cost': withAnchors(withAudits(createRandomPerCost)),
  'latin-hypercube': withAnchors(withAudits(createLatinHypercube)),
  sobol: withAnchors(withAudits(createSobol)),
  simplex: withAnchors(withAudits(createSimplex)),
  'max-variance': withAnchors(withAudits(createMaxVariance)),
  custom: createCustom,
} satisfies Record<StrategyName, (context: StrategyContext) => Strategy>
