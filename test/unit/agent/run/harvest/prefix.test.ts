import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prefixOf } from '../../../../../agent/run/harvest/prefix.js'
import type { LoadReport } from '../../../../../agent/run/load/load-job.js'
import { metricValue } from '../../../../../agent/run/metrics/metric-value.js'
import type { SampleMetric } from '../../../../../agent/run/metrics/metric-value.js'
import type { Sample } from '../../../../../shared/domain/sample.js'
import { sampleOf } from '../sample.js'

const metrics: readonly SampleMetric[] = [
  'ttft',
  'batch_ttft',
  'tpot',
  'itl',
  'e2e',
  'output_throughput',
  'total_throughput',
  'request_throughput',
]

function reportOf(samples: readonly Sample[]): LoadReport {
  const ends = samples.map(({ chunkAt, endedAt }) => chunkAt.at(-1) ?? endedAt)
  return {
    samples,
    window: { from: Math.min(...samples.map(({ sentAt }) => sentAt)), to: Math.max(...ends) },
    health: { eventLoopUtilization: 0, loopDelayMean: 0, loopDelayP99: 0, loopDelayMax: 0 },
  }
}

/** Requests whose tokens arrive one by one, after these gaps; the first gap is the time to the first. */
function samplesOf(gaps: readonly (readonly number[])[], tokens: number): Sample[] {
  return gaps.map((each, request) => {
    let at = 0.001 * request
    const chunkAt = each.slice(0, tokens).map((gap) => (at += gap))
    return sampleOf({
      request,
      sentAt: 0.001 * request,
      chunkAt,
      chunkTokens: chunkAt.map(() => 1),
      endedAt: at,
      inputTokensAsked: 128,
      inputTokens: 128,
      outputTokensAsked: tokens,
      outputTokens: tokens,
    })
  })
}

describe('a prefix', () => {
  it('gives every metric that a run of its length with the same times would have', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 6 }))
          .chain(([length, batch]) =>
            fc.tuple(
              fc.array(
                fc.array(fc.double({ min: 0.001, max: 0.1, noNaN: true }), {
                  minLength: length,
                  maxLength: length,
                }),
                { minLength: batch, maxLength: batch },
              ),
              fc.integer({ min: 1, max: length - 1 }),
              fc.constant(length),
            ),
          ),
        ([gaps, shorter, length]) => {
          const prefix = prefixOf(reportOf(samplesOf(gaps, length)), shorter)
          const real = reportOf(samplesOf(gaps, shorter))
          expect(prefix?.window).toEqual(real.window)
          for (const metric of metrics) {
            expect(prefix && metricValue(metric, prefix.samples, prefix.window, true)).toBe(
              metricValue(metric, real.samples, real.window, true),
            )
          }
          expect(prefix?.unresolved).toBe(0)
        },
      ),
    )
  })

  it('tells how long a batch of its length would have shrunk', () => {
    // The second request has its first token when the first has five.
    const late = [
      [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
      [0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
    ]
    const report = reportOf(samplesOf(late, 8))
    expect(prefixOf(report, 2)).toMatchObject({ startedTogether: false })
    expect(prefixOf(report, 2)?.overlap).toBeCloseTo(0.401 / 0.601, 6)
    expect(prefixOf(report, 7)).toMatchObject({ startedTogether: true })
    expect(prefixOf(report, 7)?.overlap).toBeCloseTo(0.401 / 1.101, 6)
  })

  it('tells how well the time of its last token is known where reads bring several', () => {
    const coalesced = sampleOf({
      sentAt: 0,
      chunkAt: [0.1, 0.2, 0.5],
      chunkTokens: [1, 1, 3],
      outputTokens: 5,
      outputTokensAsked: 5,
      endedAt: 0.5,
    })
    const report = reportOf([coalesced])
    expect(prefixOf(report, 2)?.unresolved).toBe(0)
    // Token 3 came with 4 and 5: at any time in the 0.3 s before, of the 0.4 s since the first.
    expect(prefixOf(report, 3)?.unresolved).toBeCloseTo(0.3 / 0.4, 9)
    expect(prefixOf(report, 3)?.samples[0]).toMatchObject({
      chunkTokens: [1, 1, 1],
      outputTokens: 3,
      outputTokensAsked: 3,
      endedAt: 0.5,
    })
  })

  it('counts chunks that share one read as coalesced, too', () => {
    const together = sampleOf({
      sentAt: 0,
      chunkAt: [0.1, 0.3, 0.3, 0.4],
      chunkTokens: [1, 1, 1, 1],
      outputTokens: 4,
      outputTokensAsked: 4,
      endedAt: 0.4,
    })
    expect(prefixOf(reportOf([together]), 2)?.unresolved).toBeCloseTo(1, 9)
    expect(prefixOf(reportOf([together]), 3)?.unresolved).toBe(0)
  })

  it('says nothing of a length that a request did not reach, nor of a failed one', () => {
    const samples = samplesOf([[0.1, 0.1, 0.1]], 3)
    expect(prefixOf(reportOf(samples), 4)).toBeUndefined()
    const failed = samples.map((sample): Sample => ({ ...sample, outcome: 'error' }))
    expect(prefixOf(reportOf(failed), 2)).toBeUndefined()
  })
})
