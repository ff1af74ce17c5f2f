import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Grant, NoWork } from '../../../../shared/domain/lease.js'
import type { TrialOutcome } from '../../../../shared/domain/trial.js'
import { dispatchBench, sweepText } from '../../../fixtures/dispatch-bench.js'
import type { DispatchBench } from '../../../fixtures/dispatch-bench.js'
import { agentFacts, FakeAgent, isGrant, measurementOf } from '../../../fixtures/fake-agent.js'

let bench: DispatchBench

beforeEach(() => {
  bench = dispatchBench()
})
afterEach(() => bench.close())

const desk = () => bench.dispatcher.agentDesk

async function connected(name: string, overrides = {}): Promise<FakeAgent> {
  const agent = new FakeAgent(agentFacts(name, overrides))
  await agent.connect(desk())
  return agent
}

/** Asks, letting the moment pass that a request waits for a result on its way. */
async function ask(agent: FakeAgent, capacity = 1): Promise<Grant | NoWork> {
  const asking = agent.ask(desk(), capacity)
  await bench.clock.advance(0.3)
  return asking
}

async function granted(agent: FakeAgent, capacity = 1): Promise<Grant> {
  const answer = await ask(agent, capacity)
  if (!isGrant(answer)) throw new Error(answer.reason)
  return answer
}

const idsOf = ({ trials }: Grant) => trials.map(({ trialId }) => trialId)
const failed: TrialOutcome = {
  kind: 'failed',
  code: 'ENGINE_FAILED',
  reason: 'it crashed',
  deviceSeconds: 1,
}

async function finish(agent: FakeAgent, grant: Grant, outcome?: TrialOutcome): Promise<void> {
  for (const order of grant.trials) {
    await agent.end(
      desk(),
      grant,
      order.trialId,
      outcome ?? { kind: 'measured', measurement: measurementOf(order) },
    )
  }
}

/** Two blocks, by an engine argument. */
const twoBlocks = (name: string) =>
  sweepText(name).replace('{kind: simulated}', '{kind: simulated, args: {seats: [64, 128]}}')

describe('who gets which trial', () => {
  it('grants a block with what its engine must take, and trials up to the capacity', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const agent = await connected('one')
    const grant = await granted(agent, 2)
    expect(grant).toMatchObject({
      block: { model: 'test-model', engine: 'simulated', hardware: 'cpu', tensorParallel: 1 },
      maxLoad: 4,
      maxContextTokens: 48,
    })
    expect(grant.trials).toHaveLength(2)
    expect(grant.trials[0]).toMatchObject({
      workload: { kind: 'static-batch' },
      metrics: ['ttft', 'itl'],
      plan: { warmups: 1, repetitions: 3 },
    })
    expect(grant.trials[0]?.seed).not.toBe(grant.trials[1]?.seed)
  })

  it('gives the same answer to the same question, also after the agent forgot its lease', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const agent = await connected('one')
    const first = await granted(agent, 2)
    expect(await granted(agent, 2)).toEqual(first)
    agent.lease = undefined
    expect(await granted(agent, 2)).toEqual(first)
    expect(bench.store.totals(first.sweepId).pending).toBe(2)
  })

  it('hands out the next trial while one runs, and not more than asked', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const agent = await connected('one')
    const first = await granted(agent, 1)
    await agent.start(desk(), first, first.trials[0]?.trialId ?? '')
    const second = await granted(agent, 2)
    expect(second.leaseId).toBe(first.leaseId)
    expect(idsOf(second)[0]).toBe(idsOf(first)[0])
    expect(second.trials).toHaveLength(2)
  })

  it('waits for a result that its sender handed in by another call', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const agent = await connected('one')
    const first = await granted(agent, 1)
    const asking = agent.ask(desk(), 1)
    await finish(agent, first)
    const second = await asking
    expect(isGrant(second) && idsOf(second)).not.toEqual(idsOf(first))
    expect(isGrant(second) && second.leaseId).toBe(first.leaseId)
  })

  it('gives no trial to two agents, each its own copy of the block', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const [one, two] = [await connected('one'), await connected('two')]
    const [first, second] = [await granted(one, 2), await granted(two, 2)]
    expect(second.block).toEqual(first.block)
    expect(second.token).toBeGreaterThan(first.token)
    expect(idsOf(first).filter((id) => idsOf(second).includes(id))).toEqual([])
  })

  it('asks no agent for what it cannot do', async () => {
    const text = sweepText().replace('hardware: cpu', 'hardware: cpu\n  tensor_parallel: 2')
    await bench.dispatcher.sweepDesk.submit(text)
    const none = { reason: 'nothing to measure for this agent now' }
    expect(await ask(await connected('gpu', { hardware: 'H100', deviceCount: 2 }))).toMatchObject(
      none,
    )
    expect(await ask(await connected('small'))).toMatchObject(none)
    const other = await connected('other', { deviceCount: 2, engines: ['vllm'] })
    expect(await ask(other)).toMatchObject(none)
    const fit = await connected('fit', { deviceCount: 2 })
    expect((await granted(fit)).block.tensorParallel).toBe(2)
  })

  it('says why there is nothing', async () => {
    const agent = await connected('one')
    expect(await ask(agent)).toMatchObject({ reason: 'no sweep is running' })
    expect(await desk().requestWork('stranger', undefined, 1)).toMatchObject({
      reason: 'the agent is not connected',
    })
  })

  it('spreads agents over sweeps, the oldest first', async () => {
    const old = await bench.dispatcher.sweepDesk.submit(sweepText('old'))
    await bench.clock.advance(1)
    const young = await bench.dispatcher.sweepDesk.submit(sweepText('young'))
    const sweeps: string[] = []
    for (const name of ['a', 'b', 'c']) {
      sweeps.push((await granted(await connected(name))).sweepId)
    }
    expect(sweeps).toEqual([old.sweepId, young.sweepId, old.sweepId])
  })

  it('changes the block when the strategy does, with a new lease', async () => {
    await bench.dispatcher.sweepDesk.submit(twoBlocks('two'))
    const agent = await connected('one')
    const leases = new Map<string, string>()
    for (let trial = 0; trial < 24; trial += 1) {
      const grant = await granted(agent)
      leases.set(grant.leaseId, JSON.stringify(grant.block.engineArgs))
      await finish(agent, grant)
    }
    expect(new Set(leases.values()).size).toBe(2)
    expect(bench.store.heldLeases().length).toBeLessThanOrEqual(1)
  })

  it('tries a failed trial elsewhere first, and here when there is no elsewhere', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText().replace('[1, 2, 4]', '[1]'))
    const [one, two] = [await connected('one'), await connected('two')]
    const grant = await granted(one)
    await finish(one, grant)
    const next = await granted(one)
    await finish(one, next, failed)
    await bench.clock.advance(5)
    const { configuration } = next.trials[0] ?? {}
    // The strategy offers the rest of the space to the one, the retry waits for the other.
    const third = await granted(one)
    expect(third.trials[0]?.configuration).not.toEqual(configuration)
    const retry = await granted(two)
    expect(retry.trials[0]?.configuration).toEqual(configuration)
    await finish(two, retry, failed)
    await finish(one, third)
    desk().disconnect('two', 'session-2')
    await bench.clock.advance(20)
    const rest: unknown[] = []
    for (let turn = 0; turn < 4; turn += 1) {
      const answer = await ask(one)
      if (!isGrant(answer)) break
      rest.push(...answer.trials.map((order) => order.configuration))
      await finish(one, answer)
    }
    expect(rest).toContainEqual(configuration)
  })

  it('takes its hardware from the agents where the sweep names none', async () => {
    const text = sweepText().replace('  hardware: cpu\n', '')
    const { sweepId } = await bench.dispatcher.sweepDesk.submit(text)
    expect(bench.store.findSweep(sweepId)?.hardware).toBeUndefined()
    const agent = await connected('gpu', { hardware: 'H100' })
    expect((await granted(agent)).block.hardware).toBe('H100')
    expect(bench.store.findSweep(sweepId)?.hardware).toEqual(['H100'])
  })
})

describe('leases', () => {
  it('expire when nobody renews them; the trials go to another, and the late result is refused', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const [one, two] = [await connected('one'), await connected('two')]
    const lost = await granted(one)
    await one.start(desk(), lost, lost.trials[0]?.trialId ?? '')
    await bench.clock.advance(11)
    expect(one.revoked).toEqual([lost.leaseId])
    expect(await desk().renew('one', [lost])).toEqual([])
    const again = await granted(two)
    expect(idsOf(again)).toEqual(idsOf(lost))
    const receipt = await one.report(
      desk(),
      lost.trials.map((order) => ({
        kind: 'trial-result',
        lease: lost,
        trialId: order.trialId,
        outcome: { kind: 'measured', measurement: measurementOf(order) },
      })),
    )
    expect(receipt.refusedTrials).toEqual(idsOf(lost))
    await finish(two, again)
    expect((await bench.dispatcher.sweepDesk.get('small')).status).toMatchObject({ measured: 1 })
  })

  it('live on while they are renewed, and outlive the session', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const agent = await connected('one')
    const grant = await granted(agent)
    for (let turn = 0; turn < 5; turn += 1) {
      await bench.clock.advance(6)
      expect(await desk().renew('one', [grant])).toEqual([grant.leaseId])
    }
    desk().disconnect('one', 'session-1')
    await bench.clock.advance(6)
    await agent.connect(desk())
    await bench.clock.advance(6)
    expect(agent.revoked).toEqual([])
    expect(await granted(agent)).toEqual(grant)
  })

  it('accepts the late result of a trial that nobody else was given', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const agent = await connected('one')
    const grant = await granted(agent)
    await bench.clock.advance(11)
    await finish(agent, grant)
    expect((await bench.dispatcher.sweepDesk.get('small')).status).toMatchObject({
      measured: 1,
      pending: 0,
    })
  })

  it('are nobody’s but the holder’s', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const [one, two] = [await connected('one'), await connected('two')]
    const grant = await granted(one)
    expect(await desk().renew('two', [grant])).toEqual([])
    await desk().release('two', grant)
    expect(await desk().renew('one', [{ ...grant, token: grant.token + 1 }])).toEqual([])
    expect(await desk().renew('one', [grant])).toEqual([grant.leaseId])
    two.lease = grant
    await granted(two)
    expect(two.revoked).toEqual([grant.leaseId])
  })

  it('go back with their trials when released', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const [one, two] = [await connected('one'), await connected('two')]
    const grant = await granted(one, 2)
    await desk().release('one', grant)
    expect(two.wakes).toBeGreaterThan(0)
    expect(idsOf(await granted(two, 2))).toEqual(idsOf(grant))
  })

  it('end for an agent that comes back to a lease which is over', async () => {
    await bench.dispatcher.sweepDesk.submit(sweepText())
    const agent = await connected('one')
    const grant = await granted(agent)
    desk().disconnect('one', 'session-1')
    await bench.clock.advance(11)
    agent.revoked.length = 0
    agent.lease = grant
    await agent.connect(desk())
    expect(agent.revoked).toEqual([grant.leaseId])
  })
})

describe('an agent with several devices', () => {
  const beside = (...grants: Grant[]) => ({
    leases: grants.map(({ leaseId, token }) => ({ leaseId, token })),
  })

  /** Asks for a lease beside these. */
  async function another(...held: Grant[]): Promise<Grant | NoWork> {
    const asking = desk().requestWork('one', undefined, 1, beside(...held))
    await bench.clock.advance(0.3)
    return asking
  }

  it('gets a lease per device, the same again where an answer was lost, and no more', async () => {
    await bench.dispatcher.sweepDesk.submit(twoBlocks('two'))
    const agent = await connected('one', { deviceCount: 2 })
    const first = await granted(agent)
    const asked = await another(first)
    if (!isGrant(asked)) throw new Error(asked.reason)
    expect(asked.leaseId).not.toBe(first.leaseId)
    const again = await another(first)
    expect(again).toMatchObject({ leaseId: asked.leaseId, trials: asked.trials })
    const third = await another(first, asked)
    expect(third).toMatchObject({ reason: 'every device is taken' })
    expect(bench.store.heldLeases()).toHaveLength(2)
  })

  it('is given no block that needs more devices than are free', async () => {
    const text = sweepText('wide').replace('hardware: cpu', 'hardware: cpu\n  tensor_parallel: 2')
    await bench.dispatcher.sweepDesk.submit(text)
    const agent = await connected('one', { deviceCount: 3 })
    const wide = await granted(agent)
    expect(wide.block.tensorParallel).toBe(2)
    const more = await desk().requestWork('one', undefined, 1, { ...beside(wide), freeDevices: 1 })
    expect(isGrant(more)).toBe(false)
  })
})

describe('sweeps beside each other', () => {
  it('hands a long-held device to a sweep that has none, at the end of a trial', async () => {
    const { sweepDesk } = bench.dispatcher
    await sweepDesk.submit(sweepText('old'))
    const agent = await connected('one')
    const first = await granted(agent)
    await sweepDesk.submit(sweepText('new'))
    for (let seconds = 0; seconds < 70; seconds += 5) {
      await bench.clock.advance(5)
      await desk().renew('one', [first])
    }
    // The trial it has is not taken away, but there is none behind it.
    expect(idsOf(await granted(agent, 2))).toEqual(idsOf(first))
    await finish(agent, first)
    const next = await granted(agent)
    expect(next.sweepId).not.toBe(first.sweepId)
  })
})

describe('suggestions ahead of the next request', () => {
  const wide = (text: string) => text.replace('[1, 2, 4]', '{range: [1, 64]}')
  const waiting = async (text: string, agents: number) => {
    const { sweepId } = await bench.dispatcher.sweepDesk.submit(text)
    for (let count = 0; count < agents; count += 1) {
      await (await connected(`agent-${count}`)).ask(desk(), 1)
    }
    await bench.clock.advance(0)
    return bench.store.liveTrials(sweepId)
  }

  it('are as few as the trials in flight make harmless: none with few', async () => {
    expect(await waiting(wide(sweepText()), 9)).toEqual({ queued: 0, inFlight: 9 })
  })

  it('are some with many, and are given to whoever asks next', async () => {
    expect(await waiting(wide(sweepText()), 60)).toEqual({ queued: 6, inFlight: 60 })
  })

  it('are none where they could cost an engine start', async () => {
    const text = wide(twoBlocks('small'))
    expect(await waiting(text, 60)).toEqual({ queued: 0, inFlight: 60 })
  })
})
