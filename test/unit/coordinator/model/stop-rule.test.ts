import { describe, expect, it } from 'vitest'
import { metricAccuracy } from '../../../../coordinator/model/accuracy.js'
import { stopVerdict } from '../../../../coordinator/model/stop-rule.js'

const audits = (count: number, z = 0.8) =>
  Array.from({ length: count }, (_, index) => ({ index, z, relativeError: 0.01 * z }))

const claim = (sd: number, options: { audits?: number; noiseSd?: number; open?: number } = {}) =>
  metricAccuracy({
    metric: 'itl',
    unmeasuredSds: new Array<number>(50).fill(sd),
    unmeasuredShare: options.open ?? 0.8,
    noiseSd: options.noiseSd ?? 0.004,
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
    expect(noiseFloor).toBeCloseTo(0.00798, 4)
  })

  it('sees a lean of the audits as bias', () => {
    expect(claim(0.05).bias.value).toBeGreaterThan(0)
  })
})

describe('the stop rule', () => {
  it('needs eight audits, however good the claim', () => {
    expect(stopVerdict([claim(0.001)], 7, 0.95)).toBeUndefined()
    expect(stopVerdict([claim(0.001)], 8, 0.95)).toMatchObject({ goalReached: true })
  })

  it('wants a margin, since it is asked after every trial', () => {
    expect(stopVerdict([claim(0.055)], 12, 0.95)).toBeUndefined()
    expect(stopVerdict([claim(0.02)], 12, 0.95)).toMatchObject({ goalReached: true })
  })

  it('waits for the worst metric', () => {
    expect(stopVerdict([claim(0.01), claim(0.3)], 12, 0.95)).toBeUndefined()
  })

  it('stops at the noise, and does not call that the goal', () => {
    const noisy = claim(0.08, { noiseSd: 0.08 })
    expect(stopVerdict([noisy], 30, 0.97)).toMatchObject({ goalReached: false })
  })
})
