import { mean, standardDeviation } from './quantile.js'

/** One level of repetition, such as request, run or engine restart. */
export interface RepetitionLevel {
  /** Of one repetition at this level alone, in any one unit. */
  readonly cost: number
  /** Variance that this level adds (T² of Kalibera and Jones). */
  readonly variance: number
}

/**
 * How often to repeat at each level but the outermost so that the mean is known best for its cost
 * (Kalibera and Jones 2013): r_i = ceil(sqrt(c_{i+1} / c_i * T_i² / T_{i+1}²)).
 *
 * @param levels innermost first.
 * @returns one count per level but the last; Infinity where only the inner level varies.
 */
export function optimalRepetitions(levels: readonly RepetitionLevel[]): number[] {
  return levels.slice(0, -1).map((inner, i) => {
    const outer = levels[i + 1] as RepetitionLevel
    if (inner.variance <= 0) return 1
    const ratio = (outer.cost / inner.cost) * (inner.variance / outer.variance)
    return Math.max(1, Math.ceil(Math.sqrt(ratio) - 1e-9))
  })
}

/** Measurements nested by level, outermost first: runs of iterations, restarts of runs, … */
export type NestedSamples = readonly (number | NestedSamples)[]

/**
 * Unbiased variance of every level from nested samples, innermost first; negative estimates, which
 * noise can cause, are 0. Every group of one level must have the same size.
 *
 * @returns NaN for a level whose groups hold fewer than two.
 * @throws RangeError for groups of unlike sizes.
 */
export function varianceComponents(samples: NestedSamples): number[] {
  const components: number[] = []
  let spreadBelow = 0
  for (let depth = depthOf(samples); depth >= 1; depth -= 1) {
    const groups = groupsAt(samples, depth)
    const size = groups[0]?.length ?? 0
    if (groups.some((group) => group.length !== size)) {
      throw new RangeError('groups of one level must have one size')
    }
    const spread = mean(groups.map((group) => standardDeviation(group) ** 2))
    components.push(Math.max(spread - spreadBelow, 0))
    spreadBelow = spread / size
  }
  return components
}

const depthOf = (samples: NestedSamples): number => {
  const first = samples[0]
  return typeof first === 'object' ? 1 + depthOf(first) : 1
}

const meanOf = (samples: number | NestedSamples): number =>
  typeof samples === 'number' ? samples : mean(samples.map(meanOf))

/** The means of the members of every group `depth` levels down (1: the outermost group itself). */
function groupsAt(samples: NestedSamples, depth: number): number[][] {
  if (depth === 1) return [samples.map(meanOf)]
  return samples.flatMap((group) => (typeof group === 'number' ? [] : groupsAt(group, depth - 1)))
}
