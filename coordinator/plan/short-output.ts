import { axesOf } from './axes.js'
import { DesignStrategy } from './design.js'
import type { Strategy, StrategyContext } from './strategy.js'

/**
 * Every load and input at the shortest output only: the FMwork paper’s second reduction. Outside a
 * static batch output length changes how requests overlap, so there the longest output is measured
 * as well.
 */
export function createShortOutput(context: StrategyContext): Strategy {
  const { space } = context
  const anchored = context.workload?.kind !== 'static-batch'
  const { outputs } = axesOf(space)
  /** Is it the first of these outputs that the space has at the same load, input and block. */
  const isFirst = (index: number, candidates: readonly number[]): boolean => {
    const configuration = space.at(index)
    const first = candidates.find(
      (outputTokens) => space.indexOf({ ...configuration, outputTokens }) !== undefined,
    )
    return first === configuration.outputTokens
  }
  const longestFirst = outputs.toReversed()
  return new DesignStrategy('short-output', context, {
    length: space.size,
    at: (place) =>
      isFirst(place, outputs) || (anchored && isFirst(place, longestFirst)) ? place : undefined,
    why: () =>
      anchored ? 'its output is the shortest or the longest' : 'its output is the shortest',
  })
}
