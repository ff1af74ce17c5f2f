import { describe, expect, it } from 'vitest'
import { answerText, nextText } from '../../../../cli/view/answer-text.js'
import { answer } from '../../../../coordinator/analysis/cost/answer.js'
import type { Inquiry } from '../../../../coordinator/analysis/cost/answer.js'
import { answerJson } from '../../../../coordinator/analysis/cost/answer-json.js'
import { bookOf } from '../../../../shared/domain/price-book.js'
import { knowledgeOf } from '../../coordinator/analysis/cost/knowledge.js'

/** Batch 16 does twice the work of batch 8, with this time between tokens; the limit is 30 ms. */
const inquiry = (itl: number, measured = true): Inquiry => ({
  knowledge: knowledgeOf([
    { load: 8, itl: 0.02, rate: 400, sd: 0.01 },
    { load: 16, itl, rate: 800, sd: 0.01, measured },
  ]),
  traffic: 'any',
  slo: [{ metric: 'itl', limitSeconds: 0.03 }],
  objective: 'usd',
  prices: bookOf({ H100: 2.5 }),
})

describe('what fmwork recommend says', () => {
  it('names a winner where its regret is surely small', () => {
    const asked = inquiry(0.025)
    const found = answer(asked)
    const text = answerText(asked, found)
    expect(text).toMatch(/^Run 1 x H100, batch 16/)
    expect(text).not.toContain('Measure these first')
    expect(answerJson(asked, found)).toMatchObject({
      verdict: {
        told: true,
        regretAtMost: { value: 0, confidence: 0.95 },
        regretAllowed: { value: 0.005 },
        measureFirst: null,
      },
      considered: 2,
      eligible: 2,
      next: null,
    })
    expect(nextText(found)).toBe('Nothing more is worth measuring for this question.')
  })

  it('names none on the limit, but what to measure first and what that costs', () => {
    const asked = inquiry(0.03)
    const found = answer(asked)
    const text = answerText(asked, found)
    expect(text).toMatch(/^Cannot tell yet; the least regret has 1 x H100, batch \d+/)
    expect(text).toMatch(
      /expected regret at most \d+\.\d %, above the 0\.5 % allowed\. Measure these first \(.*device-s; leaves about/,
    )
    expect(text).toMatch(/batch 16, .*\(128 in, 100 out\) \d+ times, .*device-s/)
    expect(text).toMatch(
      /Or, at the limit: 1 x H100, batch 16.*, at 0\.500 times the cost; meets the limits with \d+\.\d %, over them by at most 1\.\d+ % \(with 95 %\)\./,
    )
    const { verdict, next } = answerJson(asked, found) as {
      verdict: {
        told: boolean
        alternative: object
        measureFirst: { measurements: unknown[] }
      }
      next: object
    }
    expect(verdict.alternative).toMatchObject({
      deployment: { load: 16 },
      costRatio: { value: 0.5 },
      recommendedExcessAtMost: { value: 0 },
    })
    expect(verdict.told).toBe(false)
    expect(verdict.measureFirst.measurements.length).toBeGreaterThan(0)
    expect(next).toMatchObject({ configurations: [{ load: 16 }] })
    expect(nextText(found)).toMatch(
      /^Next: 1 x H100, batch 16, .*; expected to take .* % off the regret\.$/,
    )
  })

  it('runs nothing that was only predicted, but says what confirms it', () => {
    const asked = inquiry(0.025, false)
    const found = answer(asked)
    const text = answerText(asked, found)
    expect(text).toMatch(/^Predicted, not confirmed: 1 x H100, batch 16/)
    expect(text).toContain('it was never measured; expected regret at most 0.0 %.')
    expect(text).toContain('--next FILE measures it, some 10.0 device-s; --include-predicted takes')
    expect(answerJson(asked, found)).toMatchObject({
      recommended: { measured: false },
      verdict: {
        told: false,
        standpoint: 'predicted',
        confirm: { configurations: [{ load: 16 }], deviceSeconds: { value: 10 } },
      },
    })
  })

  it('takes what was only predicted where it is told to, and marks it', () => {
    const asked = { ...inquiry(0.025, false), includePredicted: true }
    const found = answer(asked)
    const text = answerText(asked, found)
    expect(text).toMatch(/^Run 1 x H100, batch 16.* \(predicted only\)\.$/m)
    expect(text).not.toContain('--include-predicted')
    expect(answerJson(asked, found)).toMatchObject({
      verdict: { told: true, standpoint: 'predicted' },
    })
    const measured = inquiry(0.025)
    expect(answerJson(measured, answer(measured))).toMatchObject({
      verdict: { told: true, standpoint: 'confirmed', confirm: null },
    })
  })

  it('says how many of its lengths were measured', () => {
    const asked: Inquiry = {
      ...inquiry(0.025),
      knowledge: knowledgeOf([
        { load: 16, inputTokens: 128, itl: 0.02, rate: 800, sd: 0.01 },
        { load: 16, inputTokens: 256, itl: 0.022, rate: 700, sd: 0.01, measured: false },
        { load: 16, inputTokens: 512, itl: 0.024, rate: 600, sd: 0.01, measured: false },
      ]),
      traffic: [128, 256, 512].map((inputTokens) => ({ inputTokens, outputTokens: 100 })),
    }
    const text = answerText(asked, answer(asked))
    expect(text).toContain('1 of its 3 request lengths were measured')
    expect(text).toContain('--next FILE measures them, some 20.0 device-s')
  })

  it('says that nothing is known, not that nothing will do, where no figure is there', () => {
    const asked: Inquiry = {
      ...inquiry(0.025),
      knowledge: {
        ...knowledgeOf([
          { load: 8, measured: false },
          { load: 16, measured: false },
        ]),
        metrics: ['itl', 'output_throughput'],
      },
      slo: [],
    }
    const text = answerText(asked, answer(asked))
    expect(text).toMatch(/^Too little of test is measured to choose: of none of 2 deployments/)
    expect(text).not.toContain('estimated to meet')
  })
})
