import { describe, expect, it } from 'vitest'
import { LookAhead } from '../../../../coordinator/decision/look-ahead.js'
import {
  isTold,
  measureFirst,
  regretAllowed,
  viewOf,
} from '../../../../coordinator/decision/verdict.js'
import { bookOf } from '../../../../shared/domain/price-book.js'
import { knowledgeOf } from '../analysis/cost/knowledge.js'
import type { PointSpec } from '../analysis/cost/knowledge.js'

const view = (specs: readonly PointSpec[], limitSeconds: number, tolerance = 0) =>
  viewOf(
    {
      knowledge: knowledgeOf(specs),
      traffic: 'any',
      slo: [{ metric: 'itl', limitSeconds }],
      objective: 'usd',
      prices: bookOf({ H100: 2.5 }),
    },
    tolerance,
  )

/** Batch 16 does twice the work of batch 8; whether it meets a limit of 30 ms is in doubt, or not. */
const cliff = (itl: number, sd: number): PointSpec[] => [
  { load: 8, itl: 0.02, rate: 400, sd: 0.01 },
  { load: 16, itl, rate: 800, sd },
  { load: 1, itl: 0.01, rate: 60, sd: 0.01 },
]

describe('a verdict', () => {
  it('tells a choice that is surely within the limit', () => {
    const { certainty, appraised } = view(cliff(0.028, 0.005), 0.03)
    expect(isTold(certainty)).toBe(true)
    expect(certainty.probability).toBe(1)
    expect(appraised.appraisals[certainty.chosen ?? -1]?.deployment.load).toBe(16)
    expect(certainty.rivals).toEqual([])
  })

  it('leaves aside what cannot be the best, and counts it as considered', () => {
    const { appraised } = view(cliff(0.028, 0.005), 0.03)
    expect(appraised.appraisals.map(({ deployment }) => deployment.load)).toEqual([16])
    expect(appraised).toMatchObject({ considered: 3, eligible: 3 })
  })

  it('tells none where the better one lies on the limit, but what to measure and how often', () => {
    const found = view(cliff(0.03, 0.01), 0.03)
    const { certainty } = found
    expect(isTold(certainty)).toBe(false)
    // In half of the worlds batch 16 breaks the limit, in the other half batch 8 loses half of the work.
    expect(certainty.expectedLoss).toBeGreaterThan(0.2)
    const plan = measureFirst(found)
    expect(plan.measure.length).toBeGreaterThan(0)
    const [first] = plan.measure
    expect(found.appraised.appraisals[first?.which ?? -1]?.deployment.load).toBe(16)
    expect(first?.times).toBeGreaterThan(1)
    expect(plan.leaves).toBeLessThan(certainty.expectedLoss)
  })

  it('asks for nothing where the limit is far, or too far to matter', () => {
    for (const itl of [0.02, 0.045]) {
      expect(measureFirst(view(cliff(itl, 0.01), 0.03))).toMatchObject({
        measure: [],
        deviceSeconds: 0,
      })
    }
  })

  it('takes what differs by less than the tolerance for equally good', () => {
    const near: PointSpec[] = [
      { load: 8, itl: 0.02, rate: 400, sd: 0.005 },
      { load: 9, itl: 0.02, rate: 400.5, sd: 0.005 },
    ]
    expect(view(near, 0.03).certainty.probability).toBeLessThan(0.9)
    const { certainty } = view(near, 0.03, 0.05)
    expect(certainty.probability).toBe(1)
    expect(certainty.lossAtMost).toBeLessThanOrEqual(regretAllowed)
  })

  it('says that nothing will do where nothing can meet the limit', () => {
    const { certainty } = view(cliff(0.028, 0.005), 0.001)
    expect(certainty).toMatchObject({ probability: 1, expectedLoss: 0, rivals: [] })
    expect(certainty.chosen).toBeUndefined()
    expect(isTold(certainty)).toBe(true)
  })
})

describe('looking ahead', () => {
  it('values measurements of a doubtful rival, not of what is known', () => {
    const specs: PointSpec[] = [
      { load: 8, itl: 0.02, rate: 400, sd: 0.001 },
      { load: 16, itl: 0.02, rate: 390, sd: 0.3, measured: false },
    ]
    const { appraised, certainty } = view(specs, 0.03)
    const ahead = new LookAhead(appraised, certainty, () => true)
    const value = (load: number) => {
      const which = appraised.appraisals.findIndex((each) => each.deployment.load === load)
      return ahead.prospectsOf(which, [1])[0]?.value ?? NaN
    }
    expect(value(16)).toBeGreaterThan(0.01)
    expect(value(16)).toBeLessThanOrEqual(certainty.expectedLoss * 1.5)
    expect(value(8)).toBeLessThan(value(16) / 10)
  })

  it('sees that many measurements may be worth something where one is worth nothing', () => {
    const specs: PointSpec[] = [
      { load: 8, itl: 0.02, rate: 400, sd: 0.01 },
      { load: 16, itl: 0.0297, rate: 410, sd: 0.01 },
    ]
    const { appraised, certainty } = view(specs, 0.03)
    const ahead = new LookAhead(appraised, certainty, () => true)
    const worth = (times: number) => Math.max(...ahead.prospects([times]).map(({ value }) => value))
    expect(worth(100)).toBeGreaterThan(worth(1))
  })

  it('offers nothing that may not be measured', () => {
    const { appraised, certainty } = view(cliff(0.03, 0.01), 0.03)
    expect(new LookAhead(appraised, certainty, () => false).prospects([1, 5])).toEqual([])
  })
})
