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

  it('is that of the trace where one is replayed, its last request’s timeout on top', () => {
    const sweep = parseSweep(`name: replayed
model: m
engines: [{kind: simulated}]
space: {speedup: [1, 2], tensor_parallel: [1, 2]}
workload: {kind: open-loop, arrivals: trace, data: {file: a.csv, format: azure, sha256: ${'a'.repeat(64)}, requests: 11, input_tokens: 9, output_tokens: 9, longest_tokens: 30, seconds: 40}}
measurement: {max_seconds: 60, request_timeout: 10}
`)
    // (40 + 20) s x (1 + 2) devices, and 10 s x 6 more.
    expect(planPrice(sweep, spanSpace(sweep), undefined).fullGridDeviceSeconds).toEqual({
      low: 180,
      high: 240,
    })
  })

  it('is held by the budget', () => {
    expect(planned(`${prices}budget: {device_hours: 0.05}`).sweepDeviceSeconds.high).toBe(180)
    expect(planned(`${prices}budget: {cost_usd: 0.1}`).sweepUsd).toEqual({ high: 0.1 })
    // Two trials, each on two devices for 30 s at most.
    expect(planned('budget: {trials: 2}').sweepDeviceSeconds.high).toBe(120)
  })

  it('has room for the decision that it is to end with, unless the budget has none', () => {
    // 2 classes x 2 loads x (1 + 2) devices x 30 s, 25 times each.
    const decided = planned('goal: {decision: {}}')
    expect(decided.decision).toEqual({
      configurations: 8,
      trialsAtMost: 25,
      deviceSeconds: { high: 9000 },
    })
    expect(decided.sweepDeviceSeconds.high).toBe(360 + 9000)
    expect(planned('goal: {decision: {input_tokens: 8}}', 2).decision?.deviceSeconds.high).toBe(200)
    const held = planned('goal: {decision: {}}\nbudget: {device_hours: 0.05}')
    expect(held.sweepDeviceSeconds.high).toBe(180)
  })

  it('is not told in USD when a class has no price', () => {
    expect(planned('prices: {H100: 3}\n').fullGridUsd).toBeUndefined()
  })
})
