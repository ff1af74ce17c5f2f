import { describe, expect, it } from 'vitest'
import {
  batchSeries,
  estimateLoop,
  measuredRequests,
  preciseEnough,
} from '../../../../../agent/run/metrics/loop-estimate.js'
import { NoiseHistory, noiseKey } from '../../../../../agent/run/metrics/noise-history.js'
import {
  estimateRepetitions,
  halfWidth,
  spreadOf,
} from '../../../../../agent/run/metrics/repetition-estimate.js'
import { createRandom } from '../../../../../shared/stats/random.js'
import { sampleOf } from '../sample.js'

describe('estimateRepetitions', () => {
  it('gives the median with Student’s t interval on the logarithm', () => {
    const values = [1, 1.1, 0.9]
    const spread = spreadOf(values)
    const estimate = estimateRepetitions(values, spread)
    const sd = Math.sqrt(spread?.variance ?? 0)
    const half = (4.3026527 * sd * 1.16) / Math.sqrt(3)
    expect(estimate.value).toBe(1)
    expect(Math.log(estimate.high)).toBeCloseTo(half, 6)
    expect(Math.log(estimate.low)).toBeCloseTo(-half, 6)
    expect(estimate.relativeSd).toBeCloseTo(sd, 9)
  })

  it('never states an interval of no width', () => {
    const estimate = estimateRepetitions([2, 2, 2], spreadOf([2, 2, 2]))
    expect(estimate.high).toBeGreaterThan(estimate.low)
  })

  it('knows nothing of the spread of one', () => {
    const estimate = estimateRepetitions([2], spreadOf([2]))
    expect([estimate.low, estimate.high]).toEqual([2, 2])
    expect(halfWidth(estimate)).toBe(Infinity)
  })

  it('covers the truth as often as it says', () => {
    const random = createRandom(11)
    let covered = 0
    const trials = 2000
    for (let trial = 0; trial < trials; trial += 1) {
      const values = Array.from({ length: 5 }, () => Math.exp(0.1 * random.normal()))
      const { low, high } = estimateRepetitions(values, spreadOf(values))
      if (low <= 1 && high >= 1) covered += 1
    }
    expect(covered / trials).toBeGreaterThan(0.93)
    expect(covered / trials).toBeLessThan(0.98)
  })
})

describe('NoiseHistory', () => {
  it('narrows what three repetitions alone could say', () => {
    const history = new NoiseHistory()
    const own = spreadOf([1, 1.02, 0.98])
    const alone = halfWidth(estimateRepetitions([1, 1.02, 0.98], own))
    for (let trial = 0; trial < 5; trial += 1) {
      history.learn('ttft', { variance: 0.02 ** 2, degrees: 2 })
    }
    const pooled = history.shrink('ttft', own)
    expect(pooled?.degrees).toBe(8)
    expect(halfWidth(estimateRepetitions([1, 1.02, 0.98], pooled))).toBeLessThan(alone)
  })

  it('gives one repetition the spread of those before it', () => {
    const history = new NoiseHistory()
    expect(history.shrink('itl', undefined)).toBeUndefined()
    history.learn('itl', { variance: 0.01, degrees: 4 })
    expect(history.shrink('itl', undefined)).toEqual({ variance: 0.01, degrees: 4 })
  })

  it('keeps short and long repetitions apart', () => {
    expect(noiseKey('ttft', 0.02)).not.toBe(noiseKey('ttft', 1))
    expect(noiseKey('ttft', 1)).toBe(noiseKey('ttft', 1.5))
  })
})

describe('a loop’s estimate', () => {
  const random = createRandom(2)
  const samples = Array.from({ length: 400 }, (_, request) =>
    sampleOf({ request, sentAt: request * 0.1, ttft: 0.1 * Math.exp(0.1 * random.normal()) }),
  )
  const window = { from: 0, to: 40 }

  it('uses twenty batches', () => {
    const series = batchSeries('ttft', samples, window)
    expect(series?.batches).toHaveLength(20)
    const estimate = estimateLoop(series ?? { value: NaN, batches: [] })
    expect(estimate.low).toBeLessThan(0.1)
    expect(estimate.high).toBeGreaterThan(0.1)
    expect(halfWidth(estimate)).toBeLessThan(0.05)
  })

  it('leaves out warm-up and what crosses the window’s edges', () => {
    const edge = { from: 1.05, to: 2.05 }
    const warm = sampleOf({ sentAt: 1.5, warmUp: true })
    const measured = measuredRequests([...samples, warm], edge)
    expect(measured.every((sample) => sample.sentAt >= 1.05 && sample.endedAt <= 2.05)).toBe(true)
    expect(measured).not.toContain(warm)
  })

  it('is precise enough only with enough batches and a narrow interval', () => {
    const stop = {
      metrics: ['ttft', 'batch_ttft', 'cpu_utilization'],
      precision: 0.05,
      minimumRequests: 1,
      maximumRequests: 1,
      maximumSeconds: 1,
    } as const
    expect(preciseEnough(samples, window, stop)).toBe(true)
    expect(preciseEnough(samples, window, { ...stop, precision: 0.001 })).toBe(false)
    expect(preciseEnough(samples.slice(0, 20), window, stop)).toBe(false)
    expect(preciseEnough([], window, stop)).toBe(false)
  })
})
