import { describe, expect, it } from 'vitest'
import { alternativeOf, excessAtMost } from '../../../../coordinator/decision/alternative.js'
import { viewOf } from '../../../../coordinator/decision/verdict.js'
import type { View } from '../../../../coordinator/decision/verdict.js'
import { bookOf } from '../../../../shared/domain/price-book.js'
import { knowledgeOf } from '../analysis/cost/knowledge.js'
import type { PointSpec } from '../analysis/cost/knowledge.js'

const limitSeconds = 0.03
const view = (specs: readonly PointSpec[]): View =>
  viewOf(
    {
      knowledge: knowledgeOf(specs),
      traffic: 'any',
      slo: [{ metric: 'itl', limitSeconds }],
      objective: 'usd',
      prices: bookOf({ H100: 2.5 }),
    },
    0,
  )
const safe: PointSpec = { load: 8, itl: 0.02, rate: 400, sd: 0.01 }
/** Twice the work, at a latency that may be within the limit. */
const bold = (itl: number, sd: number, more: Partial<PointSpec> = {}): PointSpec => ({
  ...{ load: 16, itl, rate: 800, sd },
  ...more,
})
const loadOf = ({ appraised }: View, which = -1) => appraised.appraisals[which]?.deployment.load

describe('the alternative at a limit', () => {
  it('is the cheaper one, where the choice avoids it because it may lie beyond the limit', () => {
    const found = view([safe, bold(0.03, 0.01)])
    const alternative = alternativeOf(found)
    expect(loadOf(found, found.certainty.chosen)).toBe(8)
    expect(loadOf(found, alternative?.which)).toBe(16)
    expect(alternative?.costRatio).toBeCloseTo(0.5, 1)
    expect(alternative?.standing.meetsProbability).toBeGreaterThan(0.4)
    expect(alternative?.standing.meetsProbability).toBeLessThan(0.6)
    // The upper end of a noise of 1 % around the limit itself.
    expect(alternative?.excessAtMost).toBeCloseTo(1.645 * 0.01, 2)
  })

  it('is the one that is surely within, where the choice itself may lie beyond the limit', () => {
    const found = view([safe, bold(0.0296, 0.01)])
    const alternative = alternativeOf(found)
    expect(loadOf(found, found.certainty.chosen)).toBe(16)
    expect(excessAtMost(found.appraised, found.certainty.chosen ?? -1)).toBeGreaterThan(0)
    expect(loadOf(found, alternative?.which)).toBe(8)
    expect(alternative).toMatchObject({ excessAtMost: 0, standing: { meetsProbability: 1 } })
    expect(alternative?.costRatio).toBeCloseTo(2, 1)
  })

  it('is what may just meet the limit, where the choice is that nothing does', () => {
    const found = view([bold(0.0301, 0.01)])
    expect(found.certainty.chosen).toBeUndefined()
    const alternative = alternativeOf(found)
    expect(loadOf(found, alternative?.which)).toBe(16)
    expect(alternative?.costRatio).toBeUndefined()
  })

  it('is absent where the choice is told, where another may lie far beyond, and where it was not measured', () => {
    for (const other of [
      bold(0.028, 0.005),
      bold(0.03, 0.3),
      bold(0.03, 0.01, { measured: false }),
    ]) {
      expect(alternativeOf(view([safe, other]))).toBeUndefined()
    }
  })

  it('is absent where prices, not limits, leave the choice open', () => {
    const near: PointSpec[] = [
      { load: 8, itl: 0.02, rate: 400, sd: 0.05 },
      { load: 9, itl: 0.02, rate: 402, sd: 0.05 },
    ]
    expect(alternativeOf(view(near))).toBeUndefined()
  })
})
