import { describe, expect, it } from 'vitest'
import { isSampleMetric, metricValue } from '../../../../../agent/run/metrics/metric-value.js'
import { percentilesOf } from '../../../../../agent/run/metrics/percentiles.js'
import { countInside } from '../../../../../agent/run/metrics/rates.js'
import { metricNames } from '../../../../../shared/domain/metric.js'
import { sampleOf } from '../sample.js'

/** Two sequences of a batch: first tokens after 0.1 and 0.3 s, last after 0.5 and 0.7 s. */
const batch = [
  sampleOf({ sentAt: 1, ttft: 0.1, gap: 0.1, tokens: 5 }),
  sampleOf({ sentAt: 1, ttft: 0.3, gap: 0.1, tokens: 5 }),
]
const window = { from: 1, to: Math.max(...batch.map(({ endedAt }) => endedAt)) }

describe('metricValue of a static batch', () => {
  it.each([
    ['ttft', 0.2],
    ['batch_ttft', 0.3],
    ['tpot', 0.1],
    ['itl', 0.1],
    ['e2e', 0.7],
    ['output_throughput', 10 / 0.7],
    ['total_throughput', 210 / 0.7],
    ['request_throughput', 2 / 0.7],
  ] as const)('%s', (metric, expected) => {
    expect(metricValue(metric, batch, window, true)).toBeCloseTo(expected, 9)
  })

  it('has no batch_ttft in a loop, and a median e2e', () => {
    expect(metricValue('batch_ttft', batch, window, false)).toBeUndefined()
    expect(metricValue('e2e', batch, window, false)).toBeCloseTo(0.6, 9)
  })

  it('says nothing where the requests define nothing', () => {
    const one = [sampleOf({ tokens: 1 })]
    expect(metricValue('itl', one, window, true)).toBeUndefined()
    expect(metricValue('tpot', one, window, true)).toBeUndefined()
    for (const metric of metricNames.filter(isSampleMetric)) {
      expect(metricValue(metric, [], window, true)).toBeUndefined()
    }
  })
})

describe('countInside', () => {
  it('counts tokens that arrive inside, and requests and prompts by their end and start', () => {
    const inside = { from: 1.25, to: 1.55 }
    expect(countInside(batch, inside)).toEqual({ outputTokens: 6, inputTokens: 100, requests: 1 })
  })

  it('adds up over adjoining windows', () => {
    const parts = [1, 1.2, 1.45, 1.7].map((from, index, edges) => ({
      from: index === 0 ? from : (edges[index] as number),
      to: edges[index + 1] ?? 2,
    }))
    const total = parts.reduce((sum, part) => sum + countInside(batch, part).outputTokens, 0)
    expect(total).toBe(10)
  })

  it('scales chunks to the server’s own count', () => {
    const merged = sampleOf({
      sentAt: 0,
      chunkAt: [0.1, 0.2],
      chunkTokens: [1, 1],
      outputTokens: 8,
    })
    expect(countInside([merged], { from: 0, to: 0.15 }).outputTokens).toBe(4)
  })
})

describe('percentilesOf', () => {
  it('states only what the count supports', () => {
    const values = Array.from({ length: 100 }, (_, index) => index)
    const percentiles = percentilesOf(values)
    expect(percentiles.p50).toBeCloseTo(49.5, 9)
    expect(percentiles.p90).not.toBeNull()
    expect(percentiles.p99).toBeNull()
    expect(percentilesOf([])).toEqual({})
  })
})
