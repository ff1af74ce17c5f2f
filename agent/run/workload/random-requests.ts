import { createRandom } from '../../../shared/stats/random.js'
import type { RequestShape } from '../load/load-job.js'

export interface RandomShape {
  readonly count: number
  readonly inputTokens: number
  readonly outputTokens: number
  /**
   * Lengths are uniform on [L (1 - r), L (1 + r)], as vllm bench means it today (its older versions,
   * and InferenceX, mean [L r, L]).
   */
  readonly rangeRatio: number
  readonly seed: number
}

/** Synthetic requests of drawn lengths, as `vllm bench serve --dataset-name random`. */
export function randomRequests(shape: RandomShape): RequestShape[] {
  const random = createRandom(shape.seed).fork('lengths')
  const draw = (length: number) => {
    const low = Math.max(1, Math.floor(length * (1 - shape.rangeRatio)))
    const high = Math.max(low, Math.ceil(length * (1 + shape.rangeRatio)))
    return low + random.below(high - low + 1)
  }
  return Array.from({ length: shape.count }, () => ({
    inputTokens: draw(shape.inputTokens),
    outputTokens: draw(shape.outputTokens),
  }))
}
