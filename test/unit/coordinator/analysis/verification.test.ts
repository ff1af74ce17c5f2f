import { describe, expect, it } from 'vitest'
import { verificationOf } from '../../../../coordinator/analysis/verification.js'
import type { VerificationEvidence } from '../../../../coordinator/analysis/verification.js'
import type { MetricAccuracy } from '../../../../shared/domain/meta-metrics.js'

const nothing = { value: 0, low: 0, high: 0 }
const claim = (low: number, high: number): MetricAccuracy => ({
  metric: 'ttft',
  calibrated: true,
  why: '8 of 6 audits',
  accuracy: { value: (low + high) / 2, low, high },
  within5: nothing,
  p95Error: nothing,
  bias: nothing,
  noiseFloor: 0.01,
})

/** ADAPTIVE’s worked scores: truth 10, 20, 40, 80 against estimates 10, 21, 38, 88. */
const evidence: VerificationEvidence = {
  metrics: ['ttft'],
  claims: [claim(0.93, 0.97)],
  points: [
    [10, 10],
    [21, 20],
    [38, 40],
    [88, 80],
  ].map(([estimate, truth]) => ({
    estimates: { ttft: estimate as number },
    truths: { ttft: truth as number },
  })),
  costs: [1, 2, 3, 4],
  of: 4,
  starts: 5,
  sweepDeviceSeconds: 3,
  seed: 1,
}

describe('verificationOf', () => {
  it('scores the whole grid exactly, with no sampling error', () => {
    const { metrics, ...rest } = verificationOf(evidence)
    expect(metrics).toHaveLength(1)
    const [ttft] = metrics
    expect(ttft?.trueAccuracy.value).toBeCloseTo(0.95, 12)
    expect(ttft?.trueAccuracy.low).toBe(ttft?.trueAccuracy.value)
    expect(ttft?.trueAccuracy.high).toBe(ttft?.trueAccuracy.value)
    expect(ttft?.trueWithin5).toBe(0.75)
    expect(ttft?.trueBias).toBeCloseTo(0.025, 12)
    expect(ttft?.trueP95Error).toBeCloseTo(0.0925, 12)
    expect(ttft?.insideClaim).toBe(true)
    expect(rest).toEqual({
      sampled: 4,
      of: 4,
      referenceDeviceSeconds: 10,
      sweepDeviceSeconds: 3,
      trueGain: { value: 5, low: 5, high: 5 },
    })
  })

  it('refutes a claim that the truth lies outside of, however near', () => {
    for (const claims of [[claim(0.951, 0.99)], [claim(0.9, 0.949)], []]) {
      expect(verificationOf({ ...evidence, claims }).metrics[0]?.insideClaim).toBe(false)
    }
  })

  it('takes a metric that too few audits back as not claimed at all', () => {
    const claims = [{ ...claim(0.9, 0.99), calibrated: false, why: '3 of 6 audits' }]
    expect(verificationOf({ ...evidence, claims }).metrics[0]?.claimedAccuracy.value).toBeNaN()
  })

  it('gives a sample an interval that a larger grid widens', () => {
    const widthOf = (of: number) => {
      const { metrics, trueGain } = verificationOf({ ...evidence, of })
      const accuracy = metrics[0]?.trueAccuracy ?? nothing
      expect(accuracy.low).toBeLessThan(accuracy.value)
      expect(accuracy.high).toBeGreaterThan(accuracy.value)
      // Mean cost 2.5 times the grid, plus its engine starts, over 3 device-seconds.
      expect(trueGain.value).toBeCloseTo((2.5 * of + 5) / 3, 12)
      expect(trueGain.low).toBeLessThan(trueGain.value)
      return accuracy.high - accuracy.low
    }
    expect(widthOf(400)).toBeGreaterThan(widthOf(5))
  })

  it('says unknown rather than guess', () => {
    const one = verificationOf({ ...evidence, points: evidence.points.slice(0, 1), of: 50 })
    expect(one.metrics[0]?.trueAccuracy).toEqual({ value: 1, low: NaN, high: NaN })
    const none = verificationOf({ ...evidence, points: [], costs: [] })
    expect(none.metrics[0]?.trueAccuracy.value).toBeNaN()
    expect(none.metrics[0]?.insideClaim).toBe(false)
    expect(none.trueGain.value).toBeNaN()
  })

  it('weighs errors as the sweep weighs its configurations', () => {
    const weights = [1, 1, 1, 7]
    const points = evidence.points.map((point, k) => ({ ...point, weight: weights[k] as number }))
    const [ttft] = verificationOf({ ...evidence, points }).metrics
    expect(ttft?.trueAccuracy.value).toBeCloseTo(1 - (0.05 + 0.05 + 7 * 0.1) / 10, 12)
    expect(ttft?.trueWithin5).toBeCloseTo(0.3, 12)
    expect(ttft?.trueBias).toBeCloseTo(0.7 / 10, 12)
    expect(ttft?.trueP95Error).toBeCloseTo(0.1, 12)
    const even = evidence.points.map((point) => ({ ...point, weight: 3 }))
    expect(verificationOf({ ...evidence, points: even })).toEqual(verificationOf(evidence))
  })
})
