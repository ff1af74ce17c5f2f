import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAgent } from '../../agent/session/agent.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { createLog } from '../../shared/process/log.js'
import { measurement, order } from './support/examples.js'
import { agentParts, temporaryFolder } from './support/fake-agent.js'
import {
  desk,
  listen,
  orderTrials,
  servedBy,
  serving,
  start,
  useSessionBench,
} from './support/session-bench.js'

useSessionBench()

describe('an engine', () => {
  it('that crashes fails its trial and is started again for the next', async () => {
    const parts = agentParts(serving.address)
    parts.runner.outcome = async ({ trialId }, engine) => {
      if (trialId !== 'a') return { kind: 'measured', measurement: measurement() }
      parts.engine.crash('signal SIGSEGV')
      return {
        kind: 'failed',
        code: 'ENGINE_FAILED',
        reason: await engine.exited,
        deviceSeconds: 1,
      }
    }
    orderTrials([order('a'), order('b')])
    await start(parts)
    await desk.until(() => desk.results.length === 2)
    expect(parts.engine.demands).toHaveLength(2)
    expect(parts.engine.mostRunning).toBe(1)
    const results = desk.recorded
      .flatMap(({ items }) => items)
      .flatMap((item) => (item.kind === 'trial-result' ? [item.outcome] : []))
    expect(results[0]).toMatchObject({ kind: 'failed', code: 'ENGINE_FAILED' })
    expect(results[1]).toMatchObject({ kind: 'measured' })
  })

  it('is logged with the sweep and the lease that it serves, and its trials with their own names', async () => {
    const file = join(temporaryFolder(), 'agent.log')
    orderTrials([order('a')])
    await start({ ...agentParts(serving.address), log: createLog({ name: 'agent', file }) })
    await desk.until(() => desk.released.length === 1)
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const said = (text: string) => lines.find(({ msg }) => msg === text)
    const block = { sweep: 'sweep-1', lease: 'lease-1' }
    expect(said('engine ready')).toMatchObject({ ...block, engine: 'simulated', version: '1' })
    expect(said('trial starts')).toMatchObject({ ...block, trial: 'a' })
    expect(said('trial ended')).toMatchObject({ ...block, trial: 'a', outcome: 'measured' })
  })

  it('that does not start is tried once more before the trial fails', async () => {
    const parts = agentParts(serving.address)
    parts.engine.onStart = () => {
      if (parts.engine.demands.length === 1) throw new FmworkError('ENGINE_FAILED', 'not ready')
    }
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.results.length === 1)
    expect(parts.engine.demands).toHaveLength(2)
  })

  it('that never starts makes the agent give the block back', async () => {
    const parts = agentParts(serving.address)
    parts.engine.onStart = () => {
      throw new FmworkError('ENGINE_FAILED', 'no such device')
    }
    orderTrials(['a', 'b', 'c'].map((id) => order(id)))
    await start(parts)
    await desk.until(() => desk.released.length === 1)
    expect(desk.results).toEqual(['a', 'b'])
    expect(parts.runner.ran).toEqual([])
  })

  it('too small for the whole block is started for the trial alone', async () => {
    const parts = agentParts(serving.address)
    parts.engine.onStart = ({ maxLoad }) => {
      if (maxLoad > 4) throw new FmworkError('CONFIGURATION_INFEASIBLE', 'out of memory')
    }
    orderTrials([order('a', 2), order('b', 8)])
    await start(parts)
    await desk.until(() => desk.results.length === 2)
    const outcomes = desk.recorded
      .flatMap(({ items }) => items)
      .flatMap((item) => (item.kind === 'trial-result' ? [item.outcome.kind] : []))
    expect(outcomes).toEqual(['measured', 'infeasible'])
  })

  it('that the agent may not run is refused', async () => {
    const parts = { ...agentParts(serving.address), engines: new Map() }
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.results.length === 1)
    const [item] = desk.recorded
      .flatMap(({ items }) => items)
      .filter((each) => each.kind === 'trial-result')
    expect(item).toMatchObject({ outcome: { kind: 'failed', code: 'ENGINE_NOT_ALLOWED' } })
  })
})

describe('stopping', () => {
  it('lets the running trial finish, then gives the lease back', async () => {
    const parts = agentParts(serving.address)
    let finish: () => void = () => undefined
    parts.runner.outcome = () =>
      new Promise((resolve) => {
        finish = () => resolve({ kind: 'measured', measurement: measurement() })
      })
    orderTrials([order('a'), order('b')])
    const agent = await start(parts)
    await expect.poll(() => parts.runner.ran).toEqual(['a'])
    const stopped = agent.stop(30)
    finish()
    await stopped
    await agent.done
    expect(desk.results).toEqual(['a'])
    expect(desk.released).toEqual([{ leaseId: 'lease-1', token: 1 }])
    expect(parts.engine.running).toBe(0)
    expect(desk.disconnected).toHaveLength(1)
  })

  it('cuts a trial that outlasts the grace, without a result', async () => {
    const parts = agentParts(serving.address)
    parts.runner.outcome = () => new Promise(() => undefined)
    orderTrials([order('a')])
    const agent = await start(parts)
    await expect.poll(() => parts.runner.ran).toEqual(['a'])
    await agent.stop(0)
    expect(parts.runner.aborted).toEqual(['a'])
    expect(desk.results).toEqual([])
    expect(desk.released).toHaveLength(1)
    expect(parts.engine.running).toBe(0)
  })

  it('frees the folder, which two agents may not share', async () => {
    const stateDir = temporaryFolder()
    const agent = await start(agentParts(serving.address, { stateDir }))
    await expect(openAgent(agentParts(serving.address, { stateDir }))).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
    })
    await agent.stop()
    await start(agentParts(serving.address, { stateDir }))
  })
})

describe('a coordinator that wants none of it', () => {
  it('ends an agent with a wrong token', async () => {
    await serving.close()
    servedBy(await listen('127.0.0.1:0', 'the-right-token-of-all'))
    const agent = await start(agentParts(serving.address, { token: 'a-wrong-one' }))
    await expect(agent.done).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
  })
})
