import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planStep } from '../../../../../agent/engine/embedded/step-plan.js'

describe('the plan of a step', () => {
  it('keeps its laws', () => {
    const sequences = fc.array(fc.record({ remainingPrompt: fc.nat(50) }), { maxLength: 20 })
    fc.assert(
      fc.property(sequences, fc.integer({ min: 1, max: 100 }), (all, budget) => {
        const counts = planStep(all, budget)
        const total = counts.reduce((sum, count) => sum + count, 0)
        const wanted = all.reduce((sum, each) => sum + Math.max(1, each.remainingPrompt), 0)
        expect(total).toBe(Math.min(budget, wanted))
        all.forEach((each, index) => {
          expect(counts[index]).toBeLessThanOrEqual(Math.max(1, each.remainingPrompt))
        })
        const starved = all.some((each, i) => each.remainingPrompt === 0 && counts[i] === 0)
        const fed = all.some((each, i) => each.remainingPrompt > 0 && (counts[i] ?? 0) > 0)
        expect(starved && fed).toBe(false)
      }),
    )
  })
})
