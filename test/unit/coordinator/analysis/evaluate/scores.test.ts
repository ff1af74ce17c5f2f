import { describe, expect, it } from 'vitest'
import { areaUnderSteps, errorScores } from '../../../../../coordinator/analysis/evaluate/scores.js'

describe('scores', () => {
  it('match the worked example', () => {
    const scores = errorScores([10, 20, 40, 80], [10, 21, 38, 88])
    expect(scores.accuracy).toBeCloseTo(0.95, 12)
    expect(scores.within5).toBe(0.75)
    expect(scores.max).toBeCloseTo(0.1, 12)
    expect(scores.bias).toBeCloseTo(0.025, 12)
    expect(scores.weighted).toBeCloseTo(11 / 150, 12)
    expect(scores.geometric).toBeCloseTo(0.05006115957305201, 8)
  })

  it('hold accuracy until the next result', () => {
    expect(areaUnderSteps([0, 0.1, 0.3, 0.6, 1], [0, 0.7, 0.9, 0.96, 1])).toBeCloseTo(0.794, 12)
  })
})
