import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Grant } from '../../../../shared/domain/lease.js'
import type { Measurement } from '../../../../shared/domain/measurement.js'
import type { SweepStatus } from '../../../../shared/domain/meta-metrics.js'
import type { ReportBatch } from '../../../../shared/domain/report-item.js'
import { dispatchBench, sweepText } from '../../../fixtures/dispatch-bench.js'
import type { DispatchBench } from '../../../fixtures/dispatch-bench.js'
import { agentFacts, FakeAgent, isGrant, measurementOf } from '../../../fixtures/fake-agent.js'

let bench: DispatchBench
let agent: FakeAgent
let sweepId: string

beforeEach(async () => {
  bench = dispatchBench()
  agent = new FakeAgent(agentFacts('one'))
  await agent.connect(desk())
  sweepId = (await bench.dispatcher.sweepDesk.submit(sweepText())).sweepId
})
afterEach(() => bench.close())

const desk = () => bench.dispatcher.agentDesk

async function granted(): Promise<Grant> {
  const answer = await agent.ask(desk(), 1)
  if (!isGrant(answer)) throw new Error(answer.reason)
  return answer
}

async function status(): Promise<SweepStatus> {
  await bench.clock.advance(0)
  return (await bench.dispatcher.sweepDesk.get('small')).status
}

/** What the planner was told and asked; when it was read is left out. */
const toldKinds = () =>
  bench.store
    .plannerCalls(sweepId, 0, 99)
    .map(({ call }) => call.kind)
    .filter((kind) => kind !== 'read')

const doubted = (measurement: Measurement, severity: 'marked' | 'invalid'): Measurement => ({
  ...measurement,
  doubts: [{ kind: 'engine_starved', severity, detail: 'waited 30 % of the window' }],
})

async function one(): Promise<{ grant: Grant; trialId: string; measurement: Measurement }> {
  const grant = await granted()
  const [order] = grant.trials
  if (order === undefined) throw new Error('no trial')
  return { grant, trialId: order.trialId, measurement: measurementOf(order) }
}

describe('what is recorded', () => {
  it('is recorded once however often it comes, and in whatever order', async () => {
    const { grant, trialId, measurement } = await one()
    const batch = (sequence: number, seconds: number) => ({
      agent: 'one',
      sequence,
      items: [
        {
          kind: 'trial-result' as const,
          lease: grant,
          trialId,
          outcome: { kind: 'measured' as const, measurement },
        },
        {
          kind: 'engine-started' as const,
          lease: grant,
          facts: { kind: 'simulated', version: '1', effectiveArgs: {} },
          startUpSeconds: seconds,
        },
      ],
    })
    expect(await desk().record(batch(8, 3))).toEqual({ acknowledgedSequence: 8, refusedTrials: [] })
    expect(await desk().record(batch(7, 2))).toEqual({ acknowledgedSequence: 8, refusedTrials: [] })
    for (const sequence of [8, 7, 8]) await desk().record(batch(sequence, 100))
    expect(await status()).toMatchObject({ measured: 1, spent: { deviceSeconds: 7, setUp: 5.1 } })
    expect(toldKinds()).toEqual(['ask', 'tell', 'engine', 'engine'])
  })

  it('is refused from any agent but the one that was granted the lease', async () => {
    const { grant, trialId, measurement } = await one()
    const other = new FakeAgent(agentFacts('two'))
    await other.connect(desk())
    const outcome = { kind: 'measured' as const, measurement }
    const engine = { kind: 'simulated', version: '1', effectiveArgs: {} }
    const receipt = await desk().record({
      agent: 'two',
      sequence: 1,
      items: [
        { kind: 'engine-started', lease: grant, facts: engine, startUpSeconds: 9 },
        { kind: 'trial-cut', lease: grant, trialId, deviceSeconds: 9 },
        { kind: 'trial-result', lease: grant, trialId, outcome },
      ],
    })
    expect(receipt.refusedTrials).toEqual([trialId])
    expect(await status()).toMatchObject({ measured: 0, spent: { deviceSeconds: 0 } })
    await agent.end(desk(), grant, trialId, outcome)
    expect(await status()).toMatchObject({ measured: 1 })
  })

  it('keeps marked doubts beside the number, and measures again what is invalid', async () => {
    const first = await one()
    const marked = doubted(first.measurement, 'marked')
    await agent.end(desk(), first.grant, first.trialId, { kind: 'measured', measurement: marked })
    expect(await status()).toMatchObject({ measured: 1, invalid: 0 })

    const second = await one()
    const invalid = doubted(second.measurement, 'invalid')
    await agent.end(desk(), second.grant, second.trialId, {
      kind: 'measured',
      measurement: invalid,
    })
    expect(await status()).toMatchObject({ measured: 1, invalid: 1, pending: 1 })
    expect(bench.store.findTrial(second.trialId)).toMatchObject({
      state: 'FAILED',
      code: 'INVALID',
      reason: 'engine_starved: waited 30 % of the window',
      measurement: invalid,
    })
  })

  it('abandons a configuration after three attempts, never telling the strategy a value', async () => {
    const codes = ['REQUEST_FAILED', 'INVALID', 'REQUEST_FAILED']
    const first = await one()
    const measured = { kind: 'measured' as const, measurement: first.measurement }
    await agent.end(desk(), first.grant, first.trialId, measured)
    const second = await one()
    const { configuration } = second.grant.trials[0] ?? {}
    let current = second
    for (const [attempt, code] of codes.entries()) {
      await agent.end(
        desk(),
        current.grant,
        current.trialId,
        code === 'INVALID'
          ? { kind: 'measured', measurement: doubted(current.measurement, 'invalid') }
          : { kind: 'failed', code, reason: 'reset by peer', deviceSeconds: 1 },
      )
      if (attempt === codes.length - 1) break
      await bench.clock.advance(20)
      current = await one()
      expect(current.grant.trials[0]?.configuration).toEqual(configuration)
    }
    const lineage = bench.store.trialsOf(sweepId, undefined, 99).slice(1)
    expect(lineage.map(({ state, attempt }) => [state, attempt])).toEqual([
      ['FAILED', 1],
      ['FAILED', 2],
      ['ABANDONED', 3],
    ])
    expect(lineage.map(({ retryOf }) => retryOf)).toEqual([
      undefined,
      lineage[0]?.trialId,
      lineage[1]?.trialId,
    ])
    expect(await status()).toMatchObject({ failed: 2, invalid: 1, measured: 1, pending: 0 })
    // Two for the first, then 1 + 2 + 1 for what came to nothing.
    expect((await status()).spent.deviceSeconds).toBe(6)
    const last = bench.store
      .plannerCalls(sweepId, 0, 99)
      .findLast(({ call }) => call.kind !== 'read')
    expect(last?.call).toMatchObject({ kind: 'remove' })
  })

  it('tells the strategy what is infeasible, and does not try that again', async () => {
    const { grant, trialId } = await one()
    await agent.end(desk(), grant, trialId, {
      kind: 'infeasible',
      reason: 'context too long',
      deviceSeconds: 0.5,
    })
    expect(await status()).toMatchObject({ infeasible: 1, failed: 0, pending: 0 })
    const told = bench.store
      .plannerCalls(sweepId, 0, 99)
      .findLast(({ call }) => call.kind !== 'read')
    expect(told?.call).toMatchObject({
      kind: 'tell',
      observation: { outcome: 'infeasible', values: {}, cost: 0.5 },
    })
  })

  it('refuses what belongs to another data folder, and acknowledges it', async () => {
    const receipt = await desk().record({
      agent: 'one',
      sequence: 1,
      items: [
        {
          kind: 'trial-result',
          lease: { leaseId: 'l1.deadbeef', token: 1 },
          trialId: 't1.deadbeef',
          outcome: { kind: 'failed', code: 'X', reason: '', deviceSeconds: 1 },
        },
        { kind: 'telemetry', trialId: 't1.deadbeef', readings: [{ at: 1, device: 'cpu' }] },
      ],
    })
    expect(receipt).toEqual({ acknowledgedSequence: 1, refusedTrials: ['t1.deadbeef'] })
  })

  it('keeps samples and telemetry of the trial’s holder', async () => {
    const { grant, trialId } = await one()
    const sample = {
      repetition: 0,
      request: 0,
      warmUp: false,
      scheduledAt: 0,
      sentAt: 0,
      chunkAt: [0.1],
      chunkTokens: [1],
      endedAt: 0.2,
      inputTokensAsked: 16,
      outputTokensAsked: 1,
      inputTokens: 16,
      outputTokens: 1,
      cachedTokens: 0,
      outcome: 'ok' as const,
    }
    const stale = { ...grant, token: grant.token + 1 }
    await agent.report(desk(), [
      { kind: 'trial-samples', lease: grant, trialId, samples: [sample] },
      { kind: 'trial-samples', lease: stale, trialId, samples: [sample] },
      { kind: 'telemetry', trialId, readings: [{ at: 1, device: 'cpu', utilizationPercent: 50 }] },
    ])
    expect(bench.store.samplesOf(trialId)).toEqual([sample])
    expect(bench.store.telemetryOf(trialId)).toHaveLength(1)
  })
})

describe('a sweep that cannot work', () => {
  it('fails with the first permanent error when no other agent could do better', async () => {
    const { grant, trialId } = await one()
    await agent.end(desk(), grant, trialId, {
      kind: 'failed',
      code: 'MODEL_INVALID',
      reason: '/models/x.gguf is not a GGUF',
      deviceSeconds: 0,
    })
    expect((await status()).sweep).toMatchObject({
      state: 'FAILED',
      reason: 'MODEL_INVALID: /models/x.gguf is not a GGUF',
    })
    expect(agent.revoked).toEqual([grant.leaseId])
    expect((await status()).pending).toBe(0)
  })

  it('fails after three failures with nothing ever measured, and can be resumed', async () => {
    for (let failures = 0; failures < 3; failures += 1) {
      const { grant, trialId } = await one()
      await agent.end(desk(), grant, trialId, {
        kind: 'failed',
        code: 'ENGINE_FAILED',
        reason: 'exit code 1',
        deviceSeconds: 1,
      })
    }
    expect((await status()).sweep).toMatchObject({
      state: 'FAILED',
      reason: 'ENGINE_FAILED: exit code 1 (3 trials failed in a row)',
    })
    await bench.dispatcher.sweepDesk.resume('small')
    expect((await status()).sweep.state).toBe('RUNNING')
    const { grant, trialId, measurement } = await one()
    await agent.end(desk(), grant, trialId, { kind: 'measured', measurement })
    expect((await status()).measured).toBe(1)
  })
})

describe('reports that arrive together', () => {
  it('reach the disk together, each whole or not at all, and a fault in one is its own', async () => {
    const { grant, trialId, measurement } = await one()
    const batch = (agent: string, items: ReportBatch['items']): ReportBatch => ({
      agent,
      sequence: 5,
      items,
    })
    const good = batch('one', [
      { kind: 'trial-result', lease: grant, trialId, outcome: { kind: 'measured', measurement } },
    ])
    // What no agent sends: a reading without a time.
    const reading = { at: Number.NaN, device: 'cpu' }
    const bad = batch('two', [{ kind: 'telemetry', readings: [reading] }])
    const [first, second] = await Promise.allSettled([desk().record(bad), desk().record(good)])
    expect(first.status).toBe('rejected')
    expect(second).toMatchObject({ status: 'fulfilled', value: { acknowledgedSequence: 5 } })
    expect(bench.store.acknowledgedSequence('two')).toBe(0)
    expect(bench.store.findTrial(trialId)?.state).toBe('SUCCEEDED')
  })
})
