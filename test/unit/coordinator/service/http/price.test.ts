import { expect, it } from 'vitest'
import { checkSweep } from '../../../../../coordinator/service/http/price.js'
import type { AgentStatus } from '../../../../../shared/domain/meta-metrics.js'

const agent = (name: string, hardware: string, engines: readonly string[]): AgentStatus => ({
  agent: name,
  hardware,
  deviceCount: 1,
  engines,
  connected: true,
  activity: 'idle',
  eventLoopLagMs: 0,
  clockOffsetMs: 0,
})
const nothingPast = { pastCosts: () => Promise.resolve([]) }
const file = (rest = '') => `
name: priced
model: m
engines: [{kind: simulated}]
space: {batch_size: [1, 2], input_tokens: [16, 32], output_tokens: 8, tensor_parallel: [1, 2], hardware: H100}
measurement: {max_seconds: 10}
${rest}`

it('tells every problem of a file with its line, and no price', async () => {
  const { problems, price } = await checkSweep(
    `${file()}\nmetrics: [speed]\nextra: 1`,
    [],
    nothingPast,
  )
  expect(problems.map(({ field, line }) => [field, line])).toEqual([
    ['metrics.0', 8],
    ['extra', 9],
  ])
  expect(price).toBeUndefined()
  const unsatisfiable = file().replace('hardware: H100', 'where: "batch_size > 9"')
  expect(await checkSweep(unsatisfiable, [], nothingPast)).toMatchObject({
    name: 'priced',
    problems: [{ field: 'space.where' }],
  })
  expect((await checkSweep('a: [', [], nothingPast)).problems[0]?.field).toBe('(syntax)')
})

it('limits by budget and price, and says who can serve it', async () => {
  const { price } = await checkSweep(
    file('budget: {device_hours: 2, cost_usd: 9}\nprices: {H100: 3}'),
    [
      agent('fits', 'H100', ['simulated']),
      agent('other-engine', 'H100', ['vllm']),
      agent('other-class', 'cpu', ['simulated']),
    ],
    nothingPast,
  )
  expect(price).toMatchObject({
    configurations: 8,
    blocks: 2,
    // Half of them hold two devices.
    bounds: {
      fullGridDeviceSeconds: { high: 8 * 10 * 1.5 },
      fullGridUsd: { high: (8 * 10 * 1.5 * 3) / 3600 },
    },
    budgetDeviceSeconds: 7200,
    usdPerDeviceHour: 3,
    budgetUsd: 6,
    servedBy: ['fits'],
  })
  expect(price?.fullGridDeviceSeconds).toBeUndefined()
})

it('says nothing of money where a class has no price', async () => {
  const { price } = await checkSweep(file('budget: {device_hours: 2}'), [], nothingPast)
  expect(price).not.toHaveProperty('budgetUsd')
  expect(price).not.toHaveProperty('usdPerDeviceHour')
})

it('forecasts from past trials of the same machines, with their quartiles', async () => {
  const past = (count: number) => ({
    pastCosts: (engine: string, hardware: string) =>
      Promise.resolve(
        engine === 'simulated' && hardware === 'H100'
          ? Array.from({ length: count }, (_, k) => k + 1)
          : [],
      ),
  })
  expect((await checkSweep(file(), [], past(7))).price?.fullGridDeviceSeconds).toBeUndefined()
  expect((await checkSweep(file(), [], past(9))).price?.fullGridDeviceSeconds).toEqual({
    value: 40,
    low: 24,
    high: 56,
    trials: 9,
  })
})

it('tells where requests come from, and that a trace takes its own time', async () => {
  const { price } = await checkSweep(
    `
name: replayed
model: m
engines: [{kind: simulated}]
space: {speedup: [1, 2], hardware: H100}
workload: {kind: open-loop, arrivals: trace, data: {file: a.csv, format: azure, sha256: ${'a'.repeat(64)}, requests: 11, input_tokens: 9, output_tokens: 8, longest_tokens: 30, seconds: 40}}
measurement: {max_seconds: 60, request_timeout: 10}`,
    [],
    nothingPast,
  )
  expect(price?.bounds).toMatchObject({
    // 40 s and 20 s, and 10 s for the last request of each.
    fullGridDeviceSeconds: { low: 60, high: 80 },
    data: {
      ...{ file: 'a.csv', format: 'azure', sha256: 'a'.repeat(64), requests: 11 },
      ...{ inputTokens: 9, outputTokens: 8, requestsPerSecond: 0.25, replayed: true },
    },
  })
  expect((await checkSweep(file(), [], nothingPast)).price?.bounds.data).toBeUndefined()
})
