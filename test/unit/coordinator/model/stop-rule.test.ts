import { describe, expect, it } from 'vitest'
import { metricAccuracy } from '../../../../coordinator/model/accuracy.js'
import { stopVerdict } from '../../../../coordinator/model/stop-rule.js'

const audits = (count: number, z = 0.8) =>
  Array.from({ length: count }, (_, index) => ({ index, z, relativeError: 0.01 * z }))

const evidence = (audits: number, noiseKnown = true) => ({ audits, noiseKnown })

const claim = (
  sd: number,
  options: {
    audits?: number
    noiseSd?: number
    repeats?: number
    sharedNoiseSd?: number
    noiseDoubt?: number
    open?: number
  } = {},
) =>
  metricAccuracy({
    metric: 'itl',
    unmeasuredSds: new Array<number>(50).fill(sd),
    unmeasuredShare: options.open ?? 0.8,
    noiseSd: options.noiseSd ?? 0.004,
    repeats: options.repeats ?? 6,
    sharedNoiseSd: options.sharedNoiseSd ?? 0,
    noiseDoubt: options.noiseDoubt ?? 0,
    audits: audits(options.audits ?? 12),
    intervalQuantile: 1.7,
  })

describe('the accuracy of a metric', () => {
  it('is not calibrated before six audits and says how many there are', () => {
    expect(claim(0.02, { audits: 5 })).toMatchObject({ calibrated: false, why: '5 of 6 audits' })
    expect(claim(0.02, { audits: 6 })).toMatchObject({ calibrated: true, why: '6 audits' })
  })

  it('lies inside its own interval and falls with the spread', () => {
    const narrow = claim(0.02)
    const wide = claim(0.2)
    for (const { accuracy, within5, p95Error } of [narrow, wide]) {
      for (const { value, low, high } of [accuracy, within5, p95Error]) {
        expect(low).toBeLessThanOrEqual(value)
        expect(value).toBeLessThanOrEqual(high)
      }
    }
    expect(wide.accuracy.value).toBeLessThan(narrow.accuracy.value)
    expect(wide.within5.value).toBeLessThan(narrow.within5.value)
    expect(wide.p95Error.value).toBeGreaterThan(narrow.p95Error.value)
  })

  it('is the noise alone once everything is measured', () => {
    const { accuracy, noiseFloor } = claim(0.3, { open: 0, noiseSd: 0.01 })
    expect(1 - accuracy.value).toBeCloseTo(noiseFloor, 12)
    // Two noisy measurements: the square root of two times one’s spread.
    expect(noiseFloor).toBeCloseTo(0.011285, 5)
  })

  it('has no noise floor before anything was measured again', () => {
    const once = claim(0.03, { repeats: 0 })
    expect(once.noiseFloor).toBeNaN()
    expect(once.accuracy).toEqual(claim(0.03).accuracy)
    const noisy = claim(0.2, { noiseSd: 0.2, repeats: 0 })
    expect(stopVerdict([noisy], evidence(12), { accuracy: 0.95 })).toBeUndefined()
  })

  it('is what one more measurement would find: its noise is part of every error', () => {
    const quiet = claim(0.03, { noiseSd: 0.001 })
    const noisy = claim(0.03, { noiseSd: 0.04 })
    expect(1 - quiet.accuracy.value).toBeCloseTo(0.8 * 0.0239, 3)
    // sqrt(0.03² + 0.04²) where nothing was measured, sqrt(2) * 0.04 where something was.
    expect(1 - noisy.accuracy.value).toBeCloseTo(0.8 * 0.0399 + 0.2 * 0.0452, 3)
  })

  it('leaves room for what another hour does to all measurements of it', () => {
    const alone = claim(0.03, { noiseSd: 0.04 }).accuracy
    const shared = claim(0.03, { noiseSd: 0.04, sharedNoiseSd: 0.035 }).accuracy
    expect(shared.value).toBe(alone.value)
    expect(shared.low).toBeLessThan(alone.low - 0.005)
    expect(shared.high).toBeGreaterThan(alone.high)
  })

  it('leaves room for what few repeats do not know of the noise', () => {
    const known = claim(0.03, { noiseSd: 0.06 }).accuracy
    const doubted = claim(0.03, { noiseSd: 0.06, noiseDoubt: 0.27 }).accuracy
    expect(doubted.value).toBe(known.value)
    expect(doubted.low).toBeLessThan(known.low - 0.01)
    expect(doubted.high).toBeGreaterThan(known.high + 0.005)
  })

  it('states no figure that cannot be', () => {
    // All of the error is shared noise, and the scale hardly known: added up they exceed the whole.
    const { accuracy, within5, p95Error } = claim(0.0001, {
      audits: 1,
      noiseSd: 0.2,
      sharedNoiseSd: 0.2,
      open: 1,
    })
    expect(accuracy.high).toBeLessThanOrEqual(1)
    expect(within5.high).toBeLessThanOrEqual(1)
    expect(p95Error.low).toBeGreaterThanOrEqual(0)
  })

  it('sees a lean of the audits as bias', () => {
    expect(claim(0.05).bias.value).toBeGreaterThan(0)
  })
})

describe('the stop rule', () => {
  it('needs eight audits, however good the claim', () => {
    expect(stopVerdict([claim(0.001)], evidence(7), { accuracy: 0.95 })).toBeUndefined()
    expect(stopVerdict([claim(0.001)], evidence(8), { accuracy: 0.95 })).toMatchObject({
      goalReached: true,
    })
  })

  it('wants a margin, since it is asked after every trial', () => {
    expect(stopVerdict([claim(0.055)], evidence(12), { accuracy: 0.95 })).toBeUndefined()
    expect(stopVerdict([claim(0.02)], evidence(12), { accuracy: 0.95 })).toMatchObject({
      goalReached: true,
    })
  })

  it('waits for the worst metric', () => {
    expect(stopVerdict([claim(0.01), claim(0.3)], evidence(12), { accuracy: 0.95 })).toBeUndefined()
  })

  it('stops at the noise, and does not call that the goal', () => {
    const noisy = claim(0.08, { noiseSd: 0.08 })
    expect(stopVerdict([noisy], evidence(30), { accuracy: 0.97 })).toMatchObject({
      goalReached: false,
    })
  })

  it('names the metric that is furthest from the goal, wherever it stands', () => {
    const worst = { ...claim(0.1, { noiseSd: 0.09 }), metric: 'ttft' as const }
    const other = claim(0.08, { noiseSd: 0.08 })
    for (const both of [
      [worst, other],
      [other, worst],
    ]) {
      expect(stopVerdict(both, evidence(30), { accuracy: 0.97 })?.reason).toMatch(/^ttft /)
    }
  })

  it('does not stop for a noise that few repeats may only seem to show', () => {
    const noisy = claim(0.08, { noiseSd: 0.08 })
    expect(stopVerdict([noisy], evidence(30, false), { accuracy: 0.97 })).toBeUndefined()
  })

  it('waits for the tail too, where that is asked for', () => {
    const good = claim(0.02)
    const { value } = good.p95Error
    const stopAt = (p95Error: number) =>
      stopVerdict([good], evidence(12), { accuracy: 0.95, p95Error })
    expect(stopAt(1.1 * value)).toBeUndefined()
    expect(stopAt(2 * Math.max(value, good.p95Error.high))).toMatchObject({
      goalReached: true,
      reason: expect.stringContaining('95 of 100 configurations within') as string,
    })
  })

  it('stops at the noise of the tail, short of the goal', () => {
    const noisy = claim(0.05, { noiseSd: 0.05 })
    const goal = { accuracy: 0.8, p95Error: 0.05 }
    expect(stopVerdict([noisy], evidence(30), goal)).toMatchObject({ goalReached: false })
  })
})
