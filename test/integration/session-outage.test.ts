import { describe, expect, it, vi } from 'vitest'
import { FmworkError } from '../../shared/domain/errors.js'
import { measurement, order } from './support/examples.js'
import { agentParts, temporaryFolder } from './support/fake-agent.js'
import {
  agents,
  desk,
  listen,
  orderTrials,
  servedBy,
  serving,
  start,
  useSessionBench,
} from './support/session-bench.js'

useSessionBench()

describe('a coordinator that goes away', () => {
  it('loses nothing and gets nothing twice', async () => {
    const { address } = serving
    const parts = agentParts(address)
    const trials = ['a', 'b', 'c'].map((id) => order(id))
    orderTrials(trials)
    parts.runner.outcome = async ({ trialId }) => {
      // Cut in the middle of the second trial, back only after it ended.
      if (trialId === 'b') await serving.close(0)
      return { kind: 'measured', measurement: measurement() }
    }
    await start(parts)
    await expect.poll(() => parts.runner.ran).toContain('b')
    await desk.until(() => desk.disconnected.length === 1)
    servedBy(await listen(address))
    await desk.until(() => desk.results.length === 3)
    expect(desk.results).toEqual(['a', 'b', 'c'])
    expect(parts.runner.ran).toEqual(['a', 'b', 'c'])
    expect(desk.recorded.map(({ sequence }) => sequence)).toEqual(
      desk.recorded.map((_, n) => n + 1),
    )
    expect(desk.connected.length).toBeGreaterThanOrEqual(2)
    expect(parts.engine.demands).toHaveLength(1)
  })

  it('is told in the next hello what the agent still holds', async () => {
    const { address } = serving
    const parts = agentParts(address)
    parts.runner.outcome = () => new Promise(() => undefined)
    orderTrials([order('a')], 'lease-7', 42)
    await start(parts)
    await expect.poll(() => parts.runner.ran).toEqual(['a'])
    await serving.close(0)
    servedBy(await listen(address))
    await desk.until(() => desk.connected.length === 2)
    expect(desk.connected[1]?.held).toEqual([{ leaseId: 'lease-7', token: 42 }])
    expect(parts.runner.aborted).toEqual([])
  })

  it('and forgets an answer gets the batch again and stores it once', async () => {
    const parts = agentParts(serving.address)
    orderTrials([order('a')])
    let failures = 0
    const record = desk.record.bind(desk)
    desk.record = async (batch) => {
      const receipt = await record(batch)
      if (failures < 2) {
        failures += 1
        throw new FmworkError('COORDINATOR_UNREACHABLE', 'died after it stored, before it said so')
      }
      return receipt
    }
    await start(parts)
    await desk.until(() => desk.released.length === 1)
    expect(desk.arrived.length).toBeGreaterThan(desk.recorded.length)
    expect(desk.results).toEqual(['a'])
    expect(parts.runner.ran).toEqual(['a'])
  })

  it('with a full disk holds the batch until there is room', async () => {
    const parts = agentParts(serving.address)
    orderTrials([order('a')])
    let refusals = 0
    desk.beforeRecord = () => {
      refusals += 1
      if (refusals <= 2) throw new FmworkError('DISK_FULL', 'no room')
    }
    await start(parts)
    await desk.until(() => desk.results.length === 1)
    expect(refusals).toBeGreaterThan(2)
  })
})

describe('a lease that is lost', () => {
  it('while it is being given back is a normal end: nothing is told as a fault', async () => {
    const parts = agentParts(serving.address)
    const faults = vi.spyOn(parts.log, 'error')
    desk.beforeRecord = () => {
      throw new FmworkError('COORDINATOR_UNREACHABLE', 'the results do not get through')
    }
    orderTrials([order('a')])
    const ordering = desk.work
    let asked = 0
    desk.work = (held, capacity) => {
      if (parts.runner.ran.length === 0) return ordering(held, capacity)
      asked += 1
      return { retryAfterMs: 50, reason: 'nothing to do' }
    }
    await start(parts)
    // It waits for its results to be stored before it gives the lease back.
    await desk.until(() => asked > 0)
    desk.lines.get(parts.name)?.revoke('lease-1', 'it expired while the agent was away')
    await expect.poll(() => parts.engine.running).toBe(0)
    const before = asked
    await desk.until(() => asked > before)
    expect(faults).not.toHaveBeenCalled()
    expect(desk.released).toEqual([])
    desk.beforeRecord = () => undefined
    await desk.until(() => desk.results.length === 1)
  })
})

describe('an agent that is killed', () => {
  it('sends what it had measured when it is back, and does not measure it again', async () => {
    const stateDir = temporaryFolder()
    const { address } = serving
    const first = agentParts(address, { stateDir })
    orderTrials([order('a'), order('b')])
    let measured = false
    first.runner.outcome = async () => {
      await serving.close(0)
      measured = true
      return { kind: 'measured', measurement: measurement() }
    }
    await start(first)
    await expect.poll(() => measured).toBe(true)
    // Nobody listens: all that is left of the first life is its outbox.
    await Promise.all(agents.map((agent) => agent.stop(0)))
    expect(desk.results).toEqual([])

    servedBy(await listen(address))
    const second = agentParts(address, { stateDir })
    await start(second)
    await desk.until(() => desk.results.length === 2)
    expect(desk.results).toEqual(['a', 'b'])
    expect(second.runner.ran).toEqual(['b'])
  })

  it('and lost its folder numbers its reports behind the old ones', async () => {
    desk.acknowledged = 500
    const parts = agentParts(serving.address)
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.results.length === 1)
    expect(desk.recorded[0]?.sequence).toBe(501)
  })
})
