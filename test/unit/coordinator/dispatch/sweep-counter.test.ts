import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../../shared/domain/error-table.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import type { ExportPart, WatchEvent } from '../../../../shared/domain/sweep-desk.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'
import type { Sweep } from '../../../../shared/domain/sweep.js'
import { dispatchBench, sweepText } from '../../../fixtures/dispatch-bench.js'
import type { DispatchBench } from '../../../fixtures/dispatch-bench.js'
import { agentFacts, FakeAgent, isGrant, measurementOf } from '../../../fixtures/fake-agent.js'

let bench: DispatchBench
let agent: FakeAgent

beforeEach(async () => {
  await open({ goalAfter: 3 })
})
afterEach(() => bench.close())

const desk = () => bench.dispatcher.sweepDesk

async function open(options: Parameters<typeof dispatchBench>[0]): Promise<void> {
  bench = dispatchBench(options)
  agent = new FakeAgent(agentFacts('one'))
  await agent.connect(bench.dispatcher.agentDesk)
}

async function work(turns: number): Promise<number> {
  let done = 0
  for (let turn = 0; turn < turns; turn += 1) {
    done += await agent.work(bench.dispatcher.agentDesk)
    await bench.clock.advance(1)
  }
  return done
}

const coded = (code: ErrorCode): Error => expect.objectContaining({ code }) as Error
const stateOf = async (name = 'small') => (await desk().get(name)).status.sweep.state

describe('submitting', () => {
  it('answers the same text with the same sweep, and another text under its name with a refusal', async () => {
    const first = await desk().submit(sweepText())
    expect(await desk().submit(sweepText())).toEqual({ ...first, created: false })
    await expect(desk().submit(sweepText('small', 'goal: {accuracy: 0.8}'))).rejects.toThrow(
      coded('SWEEP_EXISTS'),
    )
    expect((await desk().list()).map(({ name }) => name)).toEqual(['small'])
    expect((await desk().get(first.sweepId)).text).toBe(sweepText())
  })

  it('refuses a sweep before its name is taken', async () => {
    await expect(desk().submit('name: [')).rejects.toThrow(coded('SWEEP_FILE_UNREADABLE'))
    await expect(desk().submit(sweepText('Bad Name'))).rejects.toThrow(coded('SWEEP_INVALID'))
    const never = sweepText().replace('hardware: cpu', 'hardware: cpu\n  where: batch_size > 9')
    await expect(desk().submit(never)).rejects.toThrow(coded('CONSTRAINT_UNSATISFIABLE'))
    expect(await desk().list()).toEqual([])
  })

  it('says that a sweep is unknown', async () => {
    for (const call of [
      desk().get('nobody'),
      desk().pause('nobody'),
      desk().verify('nobody', 1, 1),
      desk().watch('nobody', false, new AbortController().signal)[Symbol.asyncIterator]().next(),
    ]) {
      await expect(call).rejects.toThrow(coded('SWEEP_NOT_FOUND'))
    }
  })
})

describe('pausing, resuming and cancelling', () => {
  it('pauses: what runs may end, nothing new begins', async () => {
    await desk().submit(sweepText())
    const grant = await agent.ask(bench.dispatcher.agentDesk)
    expect((await desk().pause('small')).state).toBe('PAUSED')
    expect((await desk().pause('small')).state).toBe('PAUSED')
    if (!isGrant(grant)) throw new Error('no grant')
    for (const order of grant.trials) {
      await agent.end(bench.dispatcher.agentDesk, grant, order.trialId, {
        kind: 'measured',
        measurement: measurementOf(order),
      })
    }
    expect(await work(3)).toBe(0)
    expect((await desk().get('small')).status).toMatchObject({ measured: 1, pending: 0 })
    expect((await desk().resume('small')).state).toBe('RUNNING')
    expect(await work(6)).toBe(2)
    expect(await stateOf()).toBe('COMPLETED')
  })

  it('cancels at once: leases revoked, trials dropped, what they cost charged', async () => {
    await desk().submit(sweepText())
    const grant = await agent.ask(bench.dispatcher.agentDesk)
    if (!isGrant(grant)) throw new Error('no grant')
    const [order] = grant.trials
    await agent.start(bench.dispatcher.agentDesk, grant, order?.trialId ?? '')
    await bench.clock.advance(4)
    expect((await desk().cancel('small')).state).toBe('CANCELLED')
    expect(agent.revoked).toEqual([grant.leaseId])
    expect((await desk().get('small')).status).toMatchObject({
      pending: 0,
      failed: 0,
      spent: { deviceSeconds: 4 },
    })
    await expect(desk().resume('small')).rejects.toThrow(coded('SWEEP_STATE'))
    await expect(desk().verify('small', 1, 1)).rejects.toThrow(coded('SWEEP_STATE'))
    expect(await work(2)).toBe(0)
  })

  it('cancels the verification of a completed sweep, and leaves its claim', async () => {
    await desk().submit(sweepText())
    await work(6)
    expect(await desk().verify('small', 5, 1)).toBe(5)
    await work(2)
    expect((await desk().cancel('small')).state).toBe('COMPLETED')
    expect((await desk().get('small')).status).toMatchObject({
      verifyOrdered: 2,
      verifyMeasured: 2,
    })
    expect(await work(2)).toBe(0)
  })
})

describe('the end of a sweep', () => {
  it('lets what is in flight end before it completes, and drops the rest', async () => {
    await desk().submit(sweepText())
    const other = new FakeAgent(agentFacts('two'))
    await other.connect(bench.dispatcher.agentDesk)
    const pending = await other.ask(bench.dispatcher.agentDesk, 2)
    await work(6)
    expect((await desk().get('small')).status).toMatchObject({
      sweep: { state: 'RUNNING' },
      goalReached: true,
      measured: 3,
      pending: 2,
    })
    if (!isGrant(pending)) throw new Error('no grant')
    for (const order of pending.trials) {
      await other.end(bench.dispatcher.agentDesk, pending, order.trialId, {
        kind: 'measured',
        measurement: measurementOf(order),
      })
    }
    await bench.clock.advance(0)
    expect((await desk().get('small')).status).toMatchObject({
      sweep: { state: 'COMPLETED' },
      measured: 5,
      pending: 0,
    })
  })

  it('does not wait for an agent that is gone', async () => {
    await desk().submit(sweepText())
    const other = new FakeAgent(agentFacts('two'))
    await other.connect(bench.dispatcher.agentDesk)
    await other.ask(bench.dispatcher.agentDesk, 2)
    await work(6)
    await bench.clock.advance(11)
    expect((await desk().get('small')).status).toMatchObject({
      sweep: { state: 'COMPLETED' },
      measured: 3,
      pending: 0,
    })
  })

  it.each([
    ['budget: {trials: 2}', 2, 'the budget of 2 trials is spent'],
    ['budget: {device_hours: 0.001}', 2, 'the budget of 0.001 device-hours is spent'],
    ['budget: {cost_usd: 0.001}\nprices: {cpu: 3.6}', 1, 'the budget of 0.001 USD is spent'],
    ['budget: {wall_time: 2s}', 2, 'the budget of 2 s of wall time is spent'],
  ])('stops at %s', async (budget, trials, reason) => {
    await desk().submit(sweepText('small', budget))
    expect(await work(8)).toBe(trials)
    expect((await desk().get('small')).status).toMatchObject({
      sweep: { state: 'COMPLETED', reason },
      goalReached: false,
      measured: trials,
    })
  })

  it('comes when the strategy is at its end, with what could not be measured left out', async () => {
    await bench.close()
    await open({})
    await desk().submit(sweepText())
    let failures = 0
    for (let turn = 0; turn < 60 && (await stateOf()) === 'RUNNING'; turn += 1) {
      await agent.work(bench.dispatcher.agentDesk, (order) => {
        const { load, inputTokens, outputTokens } = order.configuration
        if (load !== 4 || inputTokens !== 32 || outputTokens !== 16) {
          return { kind: 'measured', measurement: measurementOf(order) }
        }
        failures += 1
        return { kind: 'failed', code: 'REQUEST_FAILED', reason: 'reset', deviceSeconds: 1 }
      })
      await bench.clock.advance(5)
    }
    expect(failures).toBe(3)
    expect((await desk().get('small')).status).toMatchObject({
      sweep: {
        state: 'COMPLETED',
        reason:
          'the strategy has nothing more to measure: 1 of 12 configurations stay unmeasured, 3 trials failed',
      },
      goalReached: false,
      measured: 11,
      failed: 3,
    })
  })

  it('is the goal where the last result reached it and the planner has yet to say so', async () => {
    await bench.close()
    let say: () => void = () => undefined
    const said = new Promise<void>((resolve) => {
      say = resolve
    })
    let isLast = false
    await open({ goalAfter: 12, thinking: () => (isLast ? said : Promise.resolve()) })
    await desk().submit(sweepText())
    expect(await work(11)).toBe(11)
    isLast = true
    await agent.work(bench.dispatcher.agentDesk)
    // Nothing is suggested any more, and the planner still thinks.
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await agent.work(bench.dispatcher.agentDesk)).toBe(0)
      await bench.clock.advance(1)
    }
    expect(await stateOf()).toBe('RUNNING')
    say()
    await work(3)
    expect((await desk().get('small')).status).toMatchObject({
      sweep: { state: 'COMPLETED', reason: '12 configurations are known' },
      goalReached: true,
    })
  })
})

describe('watching', () => {
  it('shows the state now, every trial that ends, and at most four states a second', async () => {
    await desk().submit(sweepText())
    const leave = new AbortController()
    const events: WatchEvent[] = []
    const watching = (async () => {
      for await (const event of desk().watch('small', true, leave.signal)) events.push(event)
    })()
    await bench.clock.advance(0)
    expect(events.map(({ kind }) => kind)).toEqual(['status'])
    for (let pulse = 0; pulse < 50; pulse += 1) {
      bench.dispatcher.agentDesk.pulse('one', {
        activity: 'measuring',
        eventLoopLagMs: pulse,
        clockOffsetMs: 0,
      })
      await bench.clock.advance(0.02)
    }
    expect(events.length).toBeLessThanOrEqual(6)
    expect(events.at(-1)).toMatchObject({
      status: { agents: [{ agent: 'one', activity: 'measuring', connected: true }] },
    })
    await work(8)
    leave.abort()
    await watching
    const ended = events.flatMap((event) => (event.kind === 'trial-ended' ? [event.trial] : []))
    expect(ended.map(({ state, agent: by }) => [state, by])).toEqual(
      new Array(3).fill(['SUCCEEDED', 'one']),
    )
    expect(events.at(-1)).toMatchObject({ status: { sweep: { state: 'COMPLETED' } } })
  })
})

describe('the verification', () => {
  it('draws a larger sample around the smaller one and finds the truth beside the claim', async () => {
    await bench.close()
    await open({ goalAfter: 12 })
    await desk().submit(sweepText())
    await work(15)
    expect(await desk().verify('small', 4, 3)).toBe(4)
    await work(6)
    expect(await desk().verify('small', 6, 3)).toBe(2)
    expect(await desk().verify('small', undefined, 3)).toBe(8)
    let turns = 0
    while ((await desk().verify('small', undefined, 3)) > 0 && turns < 20) {
      turns += 1
      // The machine became a quarter slower: the sweep’s estimates are now too low.
      await agent.work(bench.dispatcher.agentDesk, (order) => ({
        kind: 'measured',
        measurement: measurementOf(order, 1.25),
      }))
      await bench.clock.advance(1)
    }
    expect(turns).toBe(8)
    const parts: ExportPart[] = []
    for await (const part of desk().export('small', new AbortController().signal)) parts.push(part)
    const verification = parts.find((part) => part.kind === 'verification')?.verification
    expect(verification).toMatchObject({
      sampled: 12,
      of: 12,
      referenceDeviceSeconds: 24,
      sweepDeviceSeconds: 24,
      trueGain: { value: 1, low: 1, high: 1 },
    })
    const [ttft] = verification?.metrics ?? []
    // Eight of twelve are 1 / 1.25 - 1 = -20 % off.
    expect(ttft?.trueAccuracy.value).toBeCloseTo(1 - (8 * 0.2) / 12, 10)
    expect(ttft?.trueBias).toBeCloseTo((-8 * 0.2) / 12, 10)
    expect(ttft?.trueWithin5).toBeCloseTo(4 / 12, 10)
    expect(ttft?.insideClaim).toBe(false)
  })

  it('leaves out what is known to be infeasible', async () => {
    await bench.close()
    await open({ goalAfter: 12 })
    await desk().submit(sweepText())
    for (let turn = 0; turn < 14; turn += 1) {
      await agent.work(bench.dispatcher.agentDesk, (order) =>
        order.configuration.load === 4
          ? { kind: 'infeasible', reason: 'out of memory', deviceSeconds: 1 }
          : { kind: 'measured', measurement: measurementOf(order) },
      )
      await bench.clock.advance(1)
    }
    expect((await desk().get('small')).status).toMatchObject({ measured: 8, infeasible: 4 })
    expect(await desk().verify('small', undefined, 1)).toBe(8)
  })
})

describe('a restart', () => {
  it('goes on where the sweep stood, and verifies a claim made before', async () => {
    await bench.close()
    await open({ goalAfter: 3, disk: true })
    await desk().submit(sweepText())
    await work(2)
    const before = (await desk().get('small')).status
    await bench.restart()
    expect((await desk().get('small')).status).toEqual({ ...before, agents: [] })
    await agent.connect(bench.dispatcher.agentDesk)
    expect(await work(3)).toBe(1)
    expect(await stateOf()).toBe('COMPLETED')
    expect(await desk().verify('small', 4, 1)).toBe(4)
    await work(2)
    await bench.restart()
    await agent.connect(bench.dispatcher.agentDesk)
    expect(await work(6)).toBe(2)
    const parts: ExportPart[] = []
    for await (const part of desk().export('small', new AbortController().signal)) parts.push(part)
    expect(parts.find((part) => part.kind === 'verification')?.verification).toMatchObject({
      sampled: 4,
      of: 12,
    })
  })
})

describe('going on to another goal or budget', () => {
  it('takes a complete sweep up again, keeps what it claimed, and measures nothing twice', async () => {
    await bench.close()
    await open({ goalAfter: 99 })
    await desk().submit(sweepText('small', 'budget: {trials: 3}'))
    await work(8)
    expect(await stateOf()).toBe('COMPLETED')
    const before = (await desk().get('small')).status
    await desk().resume('small', { trials: 6, accuracy: 0.97 })
    expect(await stateOf()).toBe('RUNNING')
    await work(12)
    const { text, status } = await desk().get('small')
    expect(status).toMatchObject({ measured: 6, goalAccuracy: 0.97 })
    expect(status.sweep.state).toBe('COMPLETED')
    expect(text).toContain('trials: 6')
    expect(status.spent.deviceSeconds).toBeGreaterThan(before.spent.deviceSeconds)
    const trials = bench.store.trialsOf(status.sweep.sweepId, undefined, 99)
    const measured = trials.filter(({ state }) => state === 'SUCCEEDED').map(({ index }) => index)
    expect(new Set(measured).size).toBe(6)
    // The file that was submitted first is still this sweep’s.
    const again = await desk().submit(sweepText('small', 'budget: {trials: 3}'))
    expect(again).toEqual({ sweepId: status.sweep.sweepId, created: false })
  })

  it('refuses what would end at once, what changes nothing, and what no sweep may have', async () => {
    await desk().submit(sweepText('small', 'budget: {trials: 3}'))
    await work(8)
    await expect(desk().resume('small')).rejects.toThrow(coded('SWEEP_STATE'))
    await expect(desk().resume('small', { trials: 2 })).rejects.toThrow(/would end at once/)
    await expect(desk().resume('small', { accuracy: 2 })).rejects.toThrow(coded('SWEEP_INVALID'))
    expect(await stateOf()).toBe('COMPLETED')
    await desk().submit(sweepText('other'))
    await desk().cancel('other')
    await expect(desk().resume('other', { accuracy: 0.9 })).rejects.toThrow(coded('SWEEP_STATE'))
  })

  it('goes on to a decision and to none again, and keeps its goal where one is refused', async () => {
    await bench.close()
    const refusal = new FmworkError('SWEEP_INVALID', 'the space has no requests of that length')
    const refuses = ({ goal }: Sweep) => (goal.decision?.input_tokens === 17 ? refusal : undefined)
    await open({ refuses })
    const text = sweepText().replace('[ttft, itl]', '[ttft, itl, output_throughput]')
    await desk().submit(text)
    const goalNow = async () => parseSweep((await desk().get('small')).text).goal.decision
    await desk().resume('small', { decision: { inputTokens: 16 } })
    expect(await goalNow()).toMatchObject({ input_tokens: 16, probability: 0.95 })
    await expect(desk().resume('small', { decision: { inputTokens: 17 } })).rejects.toThrow(refusal)
    expect(await goalNow()).toMatchObject({ input_tokens: 16 })
    expect(await stateOf()).toBe('RUNNING')
    await desk().resume('small', { decision: 'none' })
    expect(await goalNow()).toBeUndefined()
  })

  it('survives a restart with the goal and budget that it went on to', async () => {
    await bench.close()
    await open({ goalAfter: 99, disk: true })
    await desk().submit(sweepText('small', 'budget: {trials: 2}'))
    await work(6)
    await desk().resume('small', { trials: 5 })
    await bench.restart()
    await agent.connect(bench.dispatcher.agentDesk)
    await work(10)
    expect((await desk().get('small')).status).toMatchObject({ measured: 5 })
  })
})
