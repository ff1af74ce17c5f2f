import { describe, expect, it } from 'vitest'
import { grant, measurement, order } from './support/examples.js'
import { agentParts } from './support/fake-agent.js'
import {
  desk,
  nothing,
  orderTrials,
  serving,
  start,
  useSessionBench,
} from './support/session-bench.js'

useSessionBench()

describe('an agent', () => {
  it('measures what it is ordered to, once each, with one engine, and gives the lease back', async () => {
    const parts = agentParts(serving.address)
    const trials = ['a', 'b', 'c', 'd', 'e'].map((id) => order(id))
    orderTrials(trials)
    await start(parts)
    await desk.until(() => desk.released.length === 1)
    expect(parts.runner.ran).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(desk.results).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(parts.engine.demands).toHaveLength(1)
    expect(parts.engine.running).toBe(0)
    const kinds = desk.recorded.flatMap(({ items }) => items.map(({ kind }) => kind))
    expect(kinds.filter((kind) => kind === 'engine-started')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'trial-started')).toHaveLength(5)
  })

  it('has the next trial queued while one runs', async () => {
    const parts = agentParts(serving.address)
    const finish: (() => void)[] = []
    parts.runner.outcome = () =>
      new Promise((resolve) => {
        finish.push(() => resolve({ kind: 'measured', measurement: measurement() }))
      })
    let asked = 0
    desk.work = () => {
      asked += 1
      return grant('lease-1', 1, asked === 1 ? [order('a')] : [order('a'), order('b')])
    }
    await start(parts)
    await desk.until(() => asked === 2)
    expect(parts.runner.ran).toEqual(['a'])
    finish[0]?.()
    await expect.poll(() => parts.runner.ran).toEqual(['a', 'b'])
  })

  it('passes on samples and telemetry', async () => {
    const parts = agentParts(serving.address)
    const sample = {
      repetition: 0,
      request: 0,
      warmUp: false,
      scheduledAt: 0,
      sentAt: 0,
      chunkAt: [0.1, 0.2],
      chunkTokens: [1, 1],
      endedAt: 0.2,
      inputTokensAsked: 32,
      outputTokensAsked: 2,
      inputTokens: 32,
      outputTokens: 2,
      cachedTokens: null,
      outcome: 'ok' as const,
    }
    parts.runner.outcome = (_, __, observer) => {
      observer.activity('measuring')
      observer.samples(Array.from({ length: 1200 }, () => sample))
      observer.telemetry([{ at: 1, device: 'cpu', utilizationPercent: 90 }])
      return Promise.resolve({ kind: 'measured', measurement: measurement() })
    }
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.results.length === 1)
    const items = desk.recorded.flatMap((batch) => batch.items)
    const samples = items.flatMap((item) => (item.kind === 'trial-samples' ? item.samples : []))
    expect(samples).toHaveLength(1200)
    expect(samples[0]).toEqual(sample)
    expect(items.filter((item) => item.kind === 'telemetry')).toHaveLength(1)
  })

  it('heartbeats with what it does', async () => {
    desk.heartbeatMs = 20
    const parts = agentParts(serving.address)
    parts.runner.outcome = (_, __, observer) => {
      observer.activity('measuring')
      return new Promise(() => undefined)
    }
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.pulses.some(({ activity }) => activity === 'measuring'))
    expect(desk.pulses.at(-1)).toMatchObject({ utilizationPercent: 50, eventLoopLagMs: 1 })
  })
})

describe('a lease', () => {
  it('is renewed at half its life', async () => {
    desk.leaseMs = 60
    const parts = agentParts(serving.address)
    parts.runner.outcome = () => new Promise(() => undefined)
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.renewals.length >= 3)
    expect(desk.renewals[0]).toEqual([{ leaseId: 'lease-1', token: 1 }])
    expect(parts.runner.aborted).toEqual([])
  })

  it('that is not renewed ends its trial and its engine', async () => {
    desk.leaseMs = 60
    const parts = agentParts(serving.address)
    parts.runner.outcome = () => {
      desk.stale.add('lease-1')
      desk.work = () => nothing
      return new Promise(() => undefined)
    }
    orderTrials([order('a')])
    await start(parts)
    await expect.poll(() => [parts.runner.aborted, parts.engine.running]).toEqual([['a'], 0])
    expect(desk.results).toEqual([])
    expect(desk.released).toEqual([])
  })

  it('that is revoked ends its trial and its engine', async () => {
    const parts = agentParts(serving.address)
    parts.runner.outcome = () => {
      desk.work = () => nothing
      desk.lines.get('agent-1')?.revoke('lease-1', 'the sweep was cancelled')
      return new Promise(() => undefined)
    }
    orderTrials([order('a'), order('b')])
    await start(parts)
    await expect.poll(() => [parts.runner.aborted, parts.engine.running]).toEqual([['a'], 0])
    expect(parts.runner.ran).toEqual(['a'])
  })

  it('whose results are refused as stale is dropped', async () => {
    const parts = agentParts(serving.address)
    desk.stale.add('lease-1')
    const trials = [order('a'), order('b')]
    desk.work = () => (desk.arrived.length > 0 ? nothing : grant('lease-1', 1, trials))
    let second: () => void = () => undefined
    const secondRuns = new Promise<void>((resolve) => {
      second = resolve
    })
    parts.runner.outcome = ({ trialId }) => {
      if (trialId === 'a') {
        return Promise.resolve({ kind: 'measured', measurement: measurement() })
      }
      second()
      return new Promise(() => undefined)
    }
    const record = desk.record.bind(desk)
    desk.record = async (batch) => {
      await secondRuns
      return record(batch)
    }
    await start(parts)
    await expect.poll(() => parts.runner.aborted).toEqual(['b'])
    await expect.poll(() => parts.engine.running).toBe(0)
    expect(desk.released).toEqual([])
  })

  it('given to others is replaced by the new one', async () => {
    const parts = agentParts(serving.address)
    desk.work = () => {
      if (!desk.results.includes('a')) return grant('lease-1', 1, [order('a')])
      return desk.results.includes('b') ? nothing : grant('lease-2', 2, [order('b')])
    }
    await start(parts)
    await desk.until(() => desk.results.length === 2)
    expect(desk.results).toEqual(['a', 'b'])
    expect(parts.engine.mostRunning).toBe(1)
  })
})

describe('an agent with several devices', () => {
  it('serves a block on each at once, and none on two', async () => {
    const parts = agentParts(serving.address)
    const finish: (() => void)[] = []
    parts.runner.outcome = () =>
      new Promise((resolve) => {
        finish.push(() => resolve({ kind: 'measured', measurement: measurement() }))
      })
    const given = new Set<string>()
    desk.work = (held) => {
      if (held !== undefined) {
        const left = desk.results.includes(`trial-${held.leaseId}`)
          ? []
          : [order(`trial-${held.leaseId}`)]
        return left.length === 0 ? nothing : grant(held.leaseId, held.token, left)
      }
      if (given.size === 3) return nothing
      const token = given.size + 1
      given.add(`lease-${token}`)
      return grant(`lease-${token}`, token, [order(`trial-lease-${token}`)])
    }
    await start({ ...parts, deviceCount: 3 })
    await expect.poll(() => parts.runner.ran.length).toBe(3)
    expect(parts.engine.running).toBe(3)
    const sets = parts.engine.demands.map(({ devices }) => devices)
    expect(sets.flat().sort()).toEqual(['device-0', 'device-1', 'device-2'])
    for (const end of finish) end()
    await desk.until(() => desk.released.length === 3)
    expect(desk.results).toHaveLength(3)
    expect(parts.engine.running).toBe(0)
  })
})
