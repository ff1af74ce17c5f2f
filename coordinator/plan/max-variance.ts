import type { MetricName } from '../../shared/domain/metric.js'
import { isLearnt } from '../model/learnt-surface.js'
import type { Acquisition } from '../model/learnt-surface.js'
import type { Surface } from '../model/surface.js'
import { universeOf } from '../model/universe.js'
import { DesignStrategy } from './design.js'
import type { Chooser, Design } from './design.js'
import { randomDesign } from './random.js'
import { sobolDesign } from './sobol.js'
import type { Strategy, StrategyContext } from './strategy.js'

/** Sobol points before the surface is asked. */
const firstPoints = 8
/** Places of the sequence that are looked at for an open one. */
const startLimit = 512
/** Candidates whose intervals are compared where the surface names none itself. */
const candidateLimit = 4096
const why = 'the surface knows least here'

/** How uncertain the surface is, relative to the value: the worst metric’s log ratio of ends. */
function width(surface: Surface, metrics: Iterable<MetricName>, index: number): number {
  let widest = 0
  for (const metric of metrics) {
    const interval = surface.estimate(metric, index)
    if (interval !== undefined) widest = Math.max(widest, Math.log(interval.high / interval.low))
  }
  return widest
}

/** The first open configuration of the design’s beginning. */
function firstOpen(design: Design, isOpen: (index: number) => boolean) {
  const end = Math.min(design.length, startLimit)
  for (let place = 0; place < end; place += 1) {
    const index = design.at(place)
    if (index !== undefined && isOpen(index)) return { index, why: design.why(place) }
  }
  return undefined
}

/**
 * Measures where the surface is most uncertain, whatever that costs: the usual default of active
 * learning, here to be compared with.
 */
export function createMaxVariance(context: StrategyContext): Strategy {
  const { space, surface, seed } = context
  const candidates = universeOf(space.size, seed, candidateLimit)
  const metrics = new Set<MetricName>()
  const start = sobolDesign(context)

  const byVariance = (acquisition: Acquisition, isOpen: (index: number) => boolean) => {
    let best: number | undefined
    let widest = 0
    acquisition.pool.forEach((index, row) => {
      const variance = acquisition.varianceAt(row)
      if (variance > widest && isOpen(index)) {
        best = row
        widest = variance
      }
    })
    if (best === undefined) return undefined
    acquisition.choose(best)
    return { index: acquisition.pool[best] as number, why }
  }
  const byWidth = (isOpen: (index: number) => boolean) => {
    let best: number | undefined
    let widest = 0
    for (const index of candidates) {
      if (!isOpen(index)) continue
      const found = width(surface, metrics, index)
      if (found > widest) {
        best = index
        widest = found
      }
    }
    return best === undefined ? undefined : { index: best, why }
  }
  const chooser: Chooser = {
    tell(observation) {
      for (const metric of Object.keys(observation.values)) metrics.add(metric as MetricName)
    },
    begin(_, book) {
      const acquisition = isLearnt(surface) ? surface.acquisition() : undefined
      return (isOpen, taken) => {
        const begun = book.closedCount + book.pendingCount + taken.size
        if (begun < firstPoints) {
          const first = firstOpen(start, isOpen)
          if (first !== undefined) return first
        }
        return acquisition === undefined ? byWidth(isOpen) : byVariance(acquisition, isOpen)
      }
    },
  }
  return new DesignStrategy('max-variance', context, randomDesign(context), chooser)
}
