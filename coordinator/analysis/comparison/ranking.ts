import type { Ratio } from './ratio.js'
import { worsening } from './ratio.js'

/** Between two loads, all else equal, the better side changes. */
export interface Flip {
  readonly metric: Ratio['metric']
  readonly inputTokens: number
  readonly outputTokens: number
  readonly tensorParallel: number
  /** The last load at which one side is better, and the first at which the other is. */
  readonly between: readonly [number, number]
  readonly betterBelow: 'first' | 'second'
}

/** @param stands whether each difference stands after all were looked at; others decide nothing. */
export function flipsOf(ratios: readonly Ratio[], stands: readonly boolean[]): Flip[] {
  const lines = new Map<string, Ratio[]>()
  ratios.forEach((ratio, k) => {
    if (stands[k] !== true) return
    const key = JSON.stringify([ratio.metric, { ...ratio.pair.first.configuration, load: 0 }])
    lines.set(key, [...(lines.get(key) ?? []), ratio])
  })
  return [...lines.values()].flatMap((line) => {
    const ordered = line.sort(
      (a, b) => a.pair.first.configuration.load - b.pair.first.configuration.load,
    )
    return ordered.flatMap((ratio, k): Flip[] => {
      const next = ordered[k + 1]
      if (next === undefined) return []
      const [here, there] = [ratio, next].map(
        (each) => worsening(each.metric, each.ratio.value) > 0,
      )
      if (here === there) return []
      const { configuration } = ratio.pair.first
      return [
        {
          metric: ratio.metric,
          inputTokens: configuration.inputTokens,
          outputTokens: configuration.outputTokens,
          tensorParallel: configuration.tensorParallel,
          between: [configuration.load, next.pair.first.configuration.load],
          betterBelow: here === true ? 'first' : 'second',
        },
      ]
    })
  })
}
