import { describe, expect, it } from 'vitest'
import { progressOf } from '../../../../cli/view/progress.js'
import { accuracyOf, freshStatus, statusOf, uncalibrated } from '../sample-status.js'

describe('progress', () => {
  it('is what is measured, and says so, while no audit backs a claim', () => {
    const { share, meaning } = progressOf(freshStatus())
    expect(share).toBe(0)
    expect(meaning).toBe('0 of 1,200 measured; accuracy not yet calibrated (2 of 6 audits)')
  })

  it('waits for the last metric to be calibrated', () => {
    const { share, meaning } = progressOf(
      statusOf({ accuracy: [accuracyOf('ttft'), uncalibrated('itl')], infeasible: 20 }),
    )
    expect(share).toBe(60 / 1200)
    expect(meaning).toContain('not yet calibrated')
  })

  it('is the allowed error over the error of the worst metric', () => {
    const worst = accuracyOf('itl', { accuracy: { value: 0.8, low: 0.7, high: 0.85 } })
    const { share, meaning } = progressOf(statusOf({ accuracy: [accuracyOf('ttft'), worst] }))
    expect(share).toBeCloseTo(0.25, 12)
    expect(meaning).toBe('worst metric itl: error 20.0 %, goal 5.0 % or less')
  })

  it('does not wait for telemetry, of which no accuracy is claimed', () => {
    const { meaning } = progressOf(
      statusOf({ accuracy: [accuracyOf('ttft'), uncalibrated('memory')] }),
    )
    expect(meaning).toContain('worst metric ttft')
  })

  it('is not whole before the goal is reached, however good the claim', () => {
    const perfect = accuracyOf('ttft', { accuracy: { value: 1, low: 0.9, high: 1 } })
    expect(progressOf(statusOf({ accuracy: [perfect] })).share).toBe(0.99)
    const reached = progressOf(statusOf({ accuracy: [perfect], goalReached: true }))
    expect(reached).toEqual({ share: 1, meaning: 'goal of 95.0 % reached' })
  })

  it('is not known in a space that is not known yet', () => {
    const { share } = progressOf(statusOf({ accuracy: [], measured: 0, configurations: 0 }))
    expect(share).toBe(0)
  })
})
