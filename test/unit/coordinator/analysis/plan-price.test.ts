import { describe, expect, it } from 'vitest'
import { planPrice } from '../../../../coordinator/analysis/plan-price.js'
import { spanSpace } from '../../../../shared/domain/space.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'

const planned = (extra: string, onePass?: number) => {
  const sweep = parseSweep(`name: priced
model: m
engines: [{kind: simulated}]
space: {batch_size: [1, 2], input_tokens: 8, output_tokens: 8, tensor_parallel: [1, 2], hardware: [H100, A100]}
measurement: {warmups: 1, repetitions: 3, max_seconds: 30}
${extra}`)
  return planPrice(sweep, spanSpace(sweep), onePass)
}
const prices = 'prices: {H100: 3, A100: 1}\n'

describe('the price of a plan', () => {
  it('is bounded by the longest that every trial may take', () => {
    // 2 classes x 2 loads x (1 + 2) devices x 30 s.
    expect(planned('')).toEqual({
      fullGridDeviceSeconds: { high: 360 },
      sweepDeviceSeconds: { high: 360 },
    })
  })

  it('lies between one and all repetitions where the times are known, in USD of the cheapest and the dearest', () => {
    const { fullGridDeviceSeconds, fullGridUsd } = planned(prices, 3600)
    expect(fullGridDeviceSeconds).toEqual({ low: 7200, high: 14_400 })
    expect(fullGridUsd).toEqual({ low: 2, high: 12 })
  })

  it('is held by the budget', () => {
    expect(planned(`${prices}budget: {device_hours: 0.05}`).sweepDeviceSeconds.high).toBe(180)
    expect(planned(`${prices}budget: {cost_usd: 0.1}`).sweepUsd).toEqual({ high: 0.1 })
    // Two trials, each on two devices for 30 s at most.
    expect(planned('budget: {trials: 2}').sweepDeviceSeconds.high).toBe(120)
  })

  it('is not told in USD when a class has no price', () => {
    expect(planned('prices: {H100: 3}\n').fullGridUsd).toBeUndefined()
  })
})
