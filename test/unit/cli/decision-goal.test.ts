import { describe, expect, it } from 'vitest'
import { decisionGoal } from '../../../cli/decision-goal.js'

describe('--goal-decision', () => {
  it('takes the keys of a sweep file, or none', () => {
    expect(decisionGoal('none')).toBe('none')
    expect(decisionGoal('probability=0.99, input_tokens=256')).toEqual({
      probability: 0.99,
      inputTokens: 256,
    })
    expect(decisionGoal('objective=usd,output_tokens=8,tolerance=0')).toEqual({
      objective: 'usd',
      outputTokens: 8,
      tolerance: 0,
    })
  })

  it('refuses other keys, other objectives and what is no number, and says what may stand there', () => {
    for (const text of ['', 'sure', 'probability', 'probability=', 'probability=1=2', 'slo=3']) {
      expect(() => decisionGoal(text), text).toThrow(/keys of goal\.decision: objective/)
    }
    expect(() => decisionGoal('objective=speed')).toThrow(/device-seconds, usd, user-seconds/)
  })
})
