import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../../shared/domain/error-table.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import type { ExportPart, WatchEvent } from '../../../../shared/domain/sweep-desk.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'
import type { Sweep } from '../../../../shared/domain/sweep.js'
import { sweepText } from '../../../fixtures/dispatch-bench.js'
import { isGrant, measurementOf } from '../../../fixtures/fake-agent.js'
import { oneAgentBench } from './one-agent-bench.js'

const here = oneAgentBench({ goalAfter: 3 })
const coded = (code: ErrorCode): Error => expect.objectContaining({ code }) as Error

describe('submitting', () => {
  it('answers the same text with the same sweep, and another text under its name with a refusal', async () => {
    const first = await here.desk().submit(sweepText())
    expect(await here.desk().submit(sweepText())).toEqual({ ...first, created: false })
    await expect(here.desk().submit(sweepText('small', 'goal: {accuracy: 0.8}'))).rejects.toThrow(
      coded('SWEEP_EXISTS'),
    )
    expect((await here.desk().list()).map(({ name }) => name)).toEqual(['small'])
    expect((await here.desk().get(first.sweepId)).text).toBe(sweepText())
  })

  it('refuses a sweep before its name is taken', async () => {
    await expect(here.desk().submit('name: [')).rejects.toThrow(coded('SWEEP_FILE_UNREADABLE'))
    await expect(here.desk().submit(sweepText('Bad Name'))).rejects.toThrow(coded('SWEEP_INVALID'))
    const never = sweepText().replace('hardware: cpu', 'hardware: cpu\n  where: batch_size > 9')
    await expect(here.desk().submit(never)).rejects.toThrow(coded('CONSTRAINT_UNSATISFIABLE'))
    expect(await here.desk().list()).toEqual([])
  })

  it('says that a sweep is unknown', async () => {
    const watching = here.desk().watch('nobody', false, new AbortController().signal)
    for (const call of [
      here.desk().get('nobody'),
      here.desk().pause('nobody'),
      here.desk().verify('nobody', 1, 1),
      watching[Symbol.asyncIterator]().next(),
    ]) {
      await expect(call).rejects.toThrow(coded('SWEEP_NOT_FOUND'))
    }
  })
})

describe('pausing, resuming and cancelling', () => {
  it('pauses: what runs may end, nothing new begins', async () => {
    await here.desk().submit(sweepText())
    const grant = await here.agent.ask(here.bench.dispatcher.agentDesk)
    expect((await here.desk().pause('small')).state).toBe('PAUSED')
    expect((await here.desk().pause('small')).state).toBe('PAUSED')
    if (!isGrant(grant)) throw new Error('no grant')
    for (const order of grant.trials) {
      await here.agent.end(here.bench.dispatcher.agentDesk, grant, order.trialId, {
        kind: 'measured',
        measurement: measurementOf(order),
      })
    }
    expect(await here.work(3)).toBe(0)
    expect((await here.desk().get('small')).status).toMatchObject({ measured: 1, pending: 0 })
    expect((await here.desk().resume('small')).state).toBe('RUNNING')
    expect(await here.work(6)).toBe(2)
    expect(await here.stateOf()).toBe('COMPLETED')
  })

  it('cancels at once: leases revoked, trials dropped, what they cost charged', async () => {
    await here.desk().submit(sweepText())
    const grant = await here.agent.ask(here.bench.dispatcher.agentDesk)
    if (!isGrant(grant)) throw new Error('no grant')
    const [order] = grant.trials
    await here.agent.start(here.bench.dispatcher.agentDesk, grant, order?.trialId ?? '')
    await here.bench.clock.advance(4)
    expect((await here.desk().cancel('small')).state).toBe('CANCELLED')
    expect(here.agent.revoked).toEqual([grant.leaseId])
    expect((await here.desk().get('small')).status).toMatchObject({
      pending: 0,
      failed: 0,
      spent: { deviceSeconds: 4 },
    })
    await expect(here.desk().resume('small')).rejects.toThrow(coded('SWEEP_STATE'))
    await expect(here.desk().verify('small', 1, 1)).rejects.toThrow(coded('SWEEP_STATE'))
    expect(await here.work(2)).toBe(0)
  })

  it('cancels the verification of a completed sweep, and leaves its claim', async () => {
    await here.desk().submit(sweepText())
    await here.work(6)
    expect(await here.desk().verify('small', 5, 1)).toBe(5)
    await here.work(2)
    expect((await here.desk().cancel('small')).state).toBe('COMPLETED')
    expect((await here.desk().get('small')).status).toMatchObject({
      verifyOrdered: 2,
      verifyMeasured: 2,
    })
    expect(await here.work(2)).toBe(0)
  })
})

describe('watching', () => {
  it('shows the state now, every trial that ends, and at most four states a second', async () => {
    await here.desk().submit(sweepText())
    const leave = new AbortController()
    const events: WatchEvent[] = []
    const watching = (async () => {
      for await (const event of here.desk().watch('small', true, leave.signal)) events.push(event)
    })()
    await here.bench.clock.advance(0)
    expect(events.map(({ kind }) => kind)).toEqual(['status'])
    for (let pulse = 0; pulse < 50; pulse += 1) {
      here.bench.dispatcher.agentDesk.pulse('one', {
        activity: 'measuring',
        eventLoopLagMs: pulse,
        clockOffsetMs: 0,
      })
      await here.bench.clock.advance(0.02)
    }
    expect(events.length).toBeLessThanOrEqual(6)
    expect(events.at(-1)).toMatchObject({
      status: { agents: [{ agent: 'one', activity: 'measuring', connected: true }] },
    })
    await here.work(8)
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
    await here.reopen({ goalAfter: 12 })
    await here.desk().submit(sweepText())
    await here.work(15)
    expect(await here.desk().verify('small', 4, 3)).toBe(4)
    await here.work(6)
    expect(await here.desk().verify('small', 6, 3)).toBe(2)
    expect(await here.desk().verify('small', undefined, 3)).toBe(8)
    let turns = 0
    while ((await here.desk().verify('small', undefined, 3)) > 0 && turns < 20) {
      turns += 1
      // The machine became a quarter slower: the sweep’s estimates are now too low.
      await here.agent.work(here.bench.dispatcher.agentDesk, (order) => ({
        kind: 'measured',
        measurement: measurementOf(order, 1.25),
      }))
      await here.bench.clock.advance(1)
    }
    expect(turns).toBe(8)
    const parts: ExportPart[] = []
    for await (const part of here.desk().export('small', new AbortController().signal))
      parts.push(part)
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
    await here.reopen({ goalAfter: 12 })
    await here.desk().submit(sweepText())
    for (let turn = 0; turn < 14; turn += 1) {
      await here.agent.work(here.bench.dispatcher.agentDesk, (order) =>
        order.configuration.load === 4
          ? { kind: 'infeasible', reason: 'out of memory', deviceSeconds: 1 }
          : { kind: 'measured', measurement: measurementOf(order) },
      )
      await here.bench.clock.advance(1)
    }
    expect((await here.desk().get('small')).status).toMatchObject({ measured: 8, infeasible: 4 })
    expect(await here.desk().verify('small', undefined, 1)).toBe(8)
  })
})

describe('a restart', () => {
  it('goes on where the sweep stood, and verifies a claim made before', async () => {
    await here.reopen({ goalAfter: 3, disk: true })
    await here.desk().submit(sweepText())
    await here.work(2)
    const before = (await here.desk().get('small')).status
    await here.bench.restart()
    expect((await here.desk().get('small')).status).toEqual({ ...before, agents: [] })
    await here.agent.connect(here.bench.dispatcher.agentDesk)
    expect(await here.work(3)).toBe(1)
    expect(await here.stateOf()).toBe('COMPLETED')
    expect(await here.desk().verify('small', 4, 1)).toBe(4)
    await here.work(2)
    await here.bench.restart()
    await here.agent.connect(here.bench.dispatcher.agentDesk)
    expect(await here.work(6)).toBe(2)
    const parts: ExportPart[] = []
    for await (const part of here.desk().export('small', new AbortController().signal))
      parts.push(part)
    expect(parts.find((part) => part.kind === 'verification')?.verification).toMatchObject({
      sampled: 4,
      of: 12,
    })
  })
})

describe('going on to another goal or budget', () => {
  it('takes a complete sweep up again, keeps what it claimed, and measures nothing twice', async () => {
    await here.reopen({ goalAfter: 99 })
    await here.desk().submit(sweepText('small', 'budget: {trials: 3}'))
    await here.work(8)
    expect(await here.stateOf()).toBe('COMPLETED')
    const before = (await here.desk().get('small')).status
    await here.desk().resume('small', { trials: 6, accuracy: 0.97 })
    expect(await here.stateOf()).toBe('RUNNING')
    await here.work(12)
    const { text, status } = await here.desk().get('small')
    expect(status).toMatchObject({ measured: 6, goalAccuracy: 0.97 })
    expect(status.sweep.state).toBe('COMPLETED')
    expect(text).toContain('trials: 6')
    expect(status.spent.deviceSeconds).toBeGreaterThan(before.spent.deviceSeconds)
    const trials = here.bench.store.trialsOf(status.sweep.sweepId, undefined, 99)
    const measured = trials.filter(({ state }) => state === 'SUCCEEDED').map(({ index }) => index)
    expect(new Set(measured).size).toBe(6)
    // The file that was submitted first is still this sweep’s.
    const again = await here.desk().submit(sweepText('small', 'budget: {trials: 3}'))
    expect(again).toEqual({ sweepId: status.sweep.sweepId, created: false })
  })

  it('refuses what would end at once, what changes nothing, and what no sweep may have', async () => {
    await here.desk().submit(sweepText('small', 'budget: {trials: 3}'))
    await here.work(8)
    await expect(here.desk().resume('small')).rejects.toThrow(coded('SWEEP_STATE'))
    await expect(here.desk().resume('small', { trials: 2 })).rejects.toThrow(/would end at once/)
    await expect(here.desk().resume('small', { accuracy: 2 })).rejects.toThrow(
      coded('SWEEP_INVALID'),
    )
    expect(await here.stateOf()).toBe('COMPLETED')
    await here.desk().submit(sweepText('other'))
    await here.desk().cancel('other')
    await expect(here.desk().resume('other', { accuracy: 0.9 })).rejects.toThrow(
      coded('SWEEP_STATE'),
    )
  })

  it('goes on to a decision and to none again, and keeps its goal where one is refused', async () => {
    await here.bench.close()
    const refusal = new FmworkError('SWEEP_INVALID', 'the space has no requests of that length')
    const refuses = ({ goal }: Sweep) => (goal.decision?.input_tokens === 17 ? refusal : undefined)
    await here.reopen({ refuses })
    const text = sweepText().replace('[ttft, itl]', '[ttft, itl, output_throughput]')
    await here.desk().submit(text)
    const goalNow = async () => parseSweep((await here.desk().get('small')).text).goal.decision
    await here.desk().resume('small', { decision: { inputTokens: 16 } })
    expect(await goalNow()).toMatchObject({ input_tokens: 16, probability: 0.95 })
    await expect(here.desk().resume('small', { decision: { inputTokens: 17 } })).rejects.toThrow(
      refusal,
    )
    expect(await goalNow()).toMatchObject({ input_tokens: 16 })
    expect(await here.stateOf()).toBe('RUNNING')
    await here.desk().resume('small', { decision: 'none' })
    expect(await goalNow()).toBeUndefined()
  })

  it('survives a restart with the goal and budget that it went on to', async () => {
    await here.reopen({ goalAfter: 99, disk: true })
    await here.desk().submit(sweepText('small', 'budget: {trials: 2}'))
    await here.work(6)
    await here.desk().resume('small', { trials: 5 })
    await here.bench.restart()
    await here.agent.connect(here.bench.dispatcher.agentDesk)
    await here.work(10)
    expect((await here.desk().get('small')).status).toMatchObject({ measured: 5 })
  })
})
