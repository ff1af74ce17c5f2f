import { describe, expect, it } from 'vitest'
import { metricAccuracy } from '../../../../../coordinator/model/accuracy.js'
import type { AccuracyEvidence } from '../../../../../coordinator/model/accuracy.js'
import { createRandom } from '../../../../../shared/stats/random.js'

const evidence: AccuracyEvidence = {
  metric: 'itl',
  unmeasuredSds: Array.from({ length: 64 }, () => 0.02),
  unmeasuredShare: 0.5,
  noiseSd: 0.01,
  sharedNoiseSd: 0,
  noiseDoubt: 0,
  repeats: 12,
  audits: [],
  intervalQuantile: 1.645,
}
const errorOf = (more: Partial<AccuracyEvidence>): number =>
  1 - metricAccuracy({ ...evidence, ...more }).accuracy.value

/** Error that a grid measured once more, each configuration on any node, sees in a surface of their mean. */
function seen(nodeSd: number, levelSd: number): number {
  const random = createRandom(1)
  const count = 40_000
  let sum = 0
  for (let k = 0; k < count; k += 1) {
    const own = k % 2 === 0 ? Math.hypot(0.01, levelSd) : 0.02
    const gap = own * random.normal() - 0.01 * random.normal() - nodeSd * random.normal()
    sum += Math.abs(Math.expm1(gap))
  }
  return sum / count
}

describe('the claim where several nodes measure', () => {
  it.each([
    ['alike', 0, 0],
    ['3 % apart', 0.03, 0],
    ['3 % apart, levels not known well', 0.03, 0.04],
  ])('is the error that measuring on any of them sees: %s', (_, nodeSd, levelSd) => {
    expect(errorOf({ nodeSd, levelSd })).toBeCloseTo(seen(nodeSd, levelSd), 3)
  })

  it('has a noise floor that their spread is part of', () => {
    const alone = metricAccuracy(evidence).noiseFloor
    expect(metricAccuracy({ ...evidence, nodeSd: 0.03 }).noiseFloor).toBeGreaterThan(2 * alone)
    expect(metricAccuracy({ ...evidence, nodeSd: 0 }).noiseFloor).toBe(alone)
  })
})
