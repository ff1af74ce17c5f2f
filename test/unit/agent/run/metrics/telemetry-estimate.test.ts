import { describe, expect, it } from 'vitest'
import { estimateTelemetry } from '../../../../../agent/run/metrics/telemetry-estimate.js'

describe('estimateTelemetry', () => {
  it('keeps a metric that is exactly 0, with an interval no narrower than its source resolves', () => {
    const estimate = estimateTelemetry('gpu_utilization', [0, 0, 0])
    expect(estimate).toMatchObject({ value: 0, low: 0, high: 0.5, relativeSd: 0, count: 3 })
  })

  it('gives Student’s t interval on the value itself', () => {
    const { value, low, high } = estimateTelemetry('power', [100, 110, 120])
    expect(value).toBe(110)
    expect(high - value).toBeCloseTo((4.3026527 * 10) / Math.sqrt(3), 5)
    expect(low).toBeCloseTo(110 - (high - 110), 9)
  })

  it('never goes below 0, and knows nothing of the spread of one', () => {
    expect(estimateTelemetry('cpu_utilization', [0, 10, 0]).low).toBe(0)
    expect(estimateTelemetry('memory', [7])).toMatchObject({ low: 7, high: 7, count: 1 })
  })

  it('takes the value of the whole window where it is known', () => {
    expect(estimateTelemetry('power', [10, 20], 16).value).toBe(16)
  })
})
