import { describe, expect, it } from 'vitest'
import { extendedText } from '../../../../shared/domain/sweep-extension.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'

const text = `name: small
model: m
engines: [{kind: simulated}]
space: {batch_size: [1, 2], input_tokens: 16, output_tokens: 8} # kept
goal: {accuracy: 0.9, decision: {input_tokens: 16, probability: 0.8}}
`

describe('another goal', () => {
  it('changes what it names and nothing else, comments included', () => {
    const extended = extendedText(text, { accuracy: 0.95, trials: 9 })
    expect(extended).toContain('# kept')
    expect(parseSweep(extended)).toMatchObject({
      goal: { accuracy: 0.95, decision: { input_tokens: 16, probability: 0.8 } },
      budget: { trials: 9 },
    })
  })

  it('takes a decision as a whole', () => {
    const decision = { objective: 'user-seconds', probability: 0.99, outputTokens: 8 } as const
    expect(parseSweep(extendedText(text, { decision })).goal).toEqual({
      accuracy: 0.9,
      confidence: 0.9,
      decision: {
        objective: 'user-seconds',
        probability: 0.99,
        output_tokens: 8,
        tolerance: 0.01,
      },
    })
  })

  it('makes a decision a goal where there was no goal at all', () => {
    const bare = text.replace(/goal: .*\n/, '')
    expect(parseSweep(extendedText(bare, { decision: {} })).goal.decision).toEqual({
      probability: 0.95,
      tolerance: 0.01,
    })
  })

  it('drops a decision', () => {
    expect(parseSweep(extendedText(text, { decision: 'none' })).goal).toEqual({
      accuracy: 0.9,
      confidence: 0.9,
    })
  })

  it('refuses what no sweep file may have', () => {
    expect(() => extendedText(text, { decision: { probability: 2 } })).toThrow(
      expect.objectContaining({ code: 'SWEEP_INVALID' }),
    )
  })
})
