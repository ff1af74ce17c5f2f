import { describe, expect, it } from 'vitest'
import {
  disagreementDoubts,
  driftDoubts,
  intervalDoubts,
} from '../../../../agent/run/judge-steadiness.js'
import { createRandom } from '../../../../shared/stats/random.js'

const random = createRandom(5)
const noisy = (count: number, sd: number) =>
  Array.from({ length: count }, () => Math.exp(sd * random.normal()))

describe('disagreementDoubts', () => {
  const shareOf = (sd: number, repetitions: number): number => {
    let raised = 0
    const trials = 2000
    for (let trial = 0; trial < trials; trial += 1) {
      const series = (['ttft', 'itl', 'e2e'] as const).map((metric) => ({
        metric,
        values: noisy(repetitions, sd),
      }))
      if (disagreementDoubts(series, 0.05).length > 0) raised += 1
    }
    return raised / trials
  }

  it('is silent about steady trials, however few their repetitions', () => {
    expect(shareOf(0.02, 3)).toBe(0)
    expect(shareOf(0.03, 3)).toBeLessThan(0.005)
    // At the limit itself it is wrong as often as it says.
    expect(shareOf(0.05, 3)).toBeGreaterThan(0.02)
    expect(shareOf(0.05, 3)).toBeLessThan(0.08)
  })

  it('notices repetitions that disagree', () => {
    expect(shareOf(0.2, 3)).toBeGreaterThan(0.95)
    expect(shareOf(0.1, 12)).toBeGreaterThan(0.9)
  })

  it('says which metric and by how much', () => {
    const [doubt] = disagreementDoubts([{ metric: 'ttft', values: [1, 1.5, 0.7] }], 0.05)
    expect(doubt).toMatchObject({ kind: 'unsteady', severity: 'marked' })
    expect(doubt?.detail).toMatch(/^ttft differs by 38\.\d % from one of 3 repetitions/)
  })

  it('has nothing to say of one repetition', () => {
    expect(disagreementDoubts([{ metric: 'ttft', values: [1] }], 0.05)).toEqual([])
  })
})

describe('driftDoubts', () => {
  const rising = Array.from({ length: 20 }, (_, at) => 1 + 0.02 * at)

  it('sees a trend above the precision, and only that', () => {
    const details = driftDoubts(
      [
        { metric: 'ttft', values: rising },
        { metric: 'itl', values: noisy(20, 0.05) },
        { metric: 'e2e', values: rising.map((value) => 1 + (value - 1) / 100) },
      ],
      0.05,
    ).map(({ detail }) => detail)
    expect(details).toEqual(['ttft drifted within the window: no steady state'])
  })
})

describe('intervalDoubts', () => {
  const estimate = (low: number, high: number, count: number) => ({
    metric: 'ttft' as const,
    value: 1,
    low,
    high,
    count,
    confidence: 0.95,
    relativeSd: 0,
    percentiles: {},
  })

  it('marks an interval that is unknown', () => {
    expect(intervalDoubts([estimate(1, 1, 1)], false)).toMatchObject([
      { kind: 'too_few_samples', detail: 'ttft: one observation, so the interval is unknown' },
    ])
    expect(intervalDoubts([estimate(0.9, 1.1, 3)], false)).toEqual([])
  })

  it('marks a loop of too few batches', () => {
    expect(intervalDoubts([estimate(0.9, 1.1, 3)], true)[0]?.detail).toMatch(/3 batch means, 20/)
    expect(intervalDoubts([estimate(0.9, 1.1, 20)], true)).toEqual([])
  })
})
