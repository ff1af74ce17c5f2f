import { describe, expect, it } from 'vitest'
import { decisionScores } from '../../../../../coordinator/analysis/evaluate/decision.js'

const configurations = [1, 2, 4, 8].map((load) => ({
  model: 'm',
  engine: 'recorded',
  engineArgs: {},
  hardware: 'H100',
  tensorParallel: 1,
  load,
  inputTokens: 128,
  outputTokens: 100,
}))
const truth = [0.01, 0.012, 0.015, 0.04].map((itl) => ({ itl }))

describe('decision accuracy', () => {
  it('is whole when every choice is the true one', () => {
    expect(decisionScores(configurations, truth, truth)).toEqual({ decision: 1, regret: 0 })
  })

  it('counts the throughput that a wrong choice loses', () => {
    const timid = truth.map(({ itl }, row) => ({ itl: row === 2 ? 0.09 : itl }))
    const scores = decisionScores(configurations, truth, timid)
    expect(scores?.decision).toBeLessThan(1)
    expect(scores?.regret).toBeGreaterThan(0)
    expect(scores?.regret).toBeLessThan(1)
  })

  it('counts a broken limit as everything lost', () => {
    const bold = truth.map(() => ({ itl: 0.001 }))
    expect(decisionScores(configurations, truth, bold)).toEqual({ decision: 0, regret: 1 })
  })

  it('is silent where there is no latency', () => {
    expect(
      decisionScores(configurations, [{ power: 1 }, { power: 1 }], [{ power: 1 }, { power: 1 }]),
    ).toBeUndefined()
  })
})
