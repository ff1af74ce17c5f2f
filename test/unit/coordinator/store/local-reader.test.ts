import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLocalReader } from '../../../../coordinator/store/local-reader.js'
import { openStore } from '../../../../coordinator/store/open-store.js'
import type { SweepReader } from '../../../../shared/domain/sweep-reader.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { createLog } from '../../../../shared/process/log.js'
import { cost, measurement, StoreBench } from '../../../contract/store-bench.js'

let folder: string
let bench: StoreBench
let reader: SweepReader

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fmwork-reader-')))
  const tools = { clock: new FakeClock(), log: createLog({ name: 'test', level: 'silent' }) }
  const store = openStore(folder, tools)
  bench = new StoreBench({ store, reopen: () => store, close: () => store.close() })
  reader = await openLocalReader(folder)
})
afterEach(async () => {
  await reader.close()
  bench.close()
  rmSync(folder, { recursive: true })
})

/** Four trials: measured by an audit, invalid and tried again, infeasible, waiting. */
function fill(): void {
  const { store } = bench
  const lease = bench.granted('a')
  const trials = [
    bench.queued(0, 'audit'),
    bench.queued(1),
    bench.queued(2),
    bench.queued(3),
  ] as const
  for (const trial of trials.slice(0, 3)) {
    store.leaseTrial(trial.trialId, lease)
    store.startTrial(trial.trialId, lease.token, 30)
  }
  store.succeedTrial(trials[0].trialId, lease.token, measurement, 40)
  store.failTrial(
    trials[1].trialId,
    lease.token,
    { code: 'INVALID', reason: 'host busy', cost, measurement },
    { notBefore: 0, avoidAgent: 'a', seed: 9 },
  )
  store.closeInfeasible(trials[2].trialId, lease.token, 'out of memory', cost)
}

it('pages trials, the newest first, and counts them all', async () => {
  fill()
  const { sweepId } = bench
  const first = await reader.trials({ sweepId, offset: 0, limit: 2 })
  expect(first.total).toBe(5)
  expect(first.trials.map(({ state, attempt }) => [state, attempt])).toEqual([
    ['QUEUED', 2],
    ['QUEUED', 1],
  ])
  const rest = await reader.trials({ sweepId, offset: 2, limit: 10 })
  expect(rest.trials.map(({ index }) => index)).toEqual([2, 1, 0])
  expect(rest.trials[2]).toMatchObject({
    state: 'SUCCEEDED',
    purpose: 'audit',
    agent: 'a',
    why: 'test',
    figures: [{ metric: 'ttft', value: 0.25, low: 0.2, high: Infinity }],
    doubts: [{ kind: 'host_busy', severity: 'marked' }],
  })
  expect(await reader.trials({ sweepId, offset: 99, limit: 1 })).toEqual({ total: 5, trials: [] })
})

it('filters by state, purpose and doubt', async () => {
  fill()
  const { sweepId } = bench
  const of = async (filter: object) =>
    (await reader.trials({ sweepId, offset: 0, limit: 9, ...filter })).trials.map(
      ({ index }) => index,
    )
  expect(await of({ states: ['INFEASIBLE'] })).toEqual([2])
  expect(await of({ purposes: ['audit'] })).toEqual([0])
  expect(await of({ doubted: true })).toEqual([1, 0])
  expect(await of({ doubted: true, states: ['FAILED'] })).toEqual([1])
  const { startedAt } = measurement
  const span = { agent: 'a', after: startedAt - 1, upTo: startedAt }
  // Of the two that were measured then, one failed: nothing stands on it.
  expect(await of({ measuredIn: [span] })).toEqual([0])
  expect(await of({ measuredIn: [{ after: 0, upTo: startedAt }] })).toEqual([0])
  expect(await of({ measuredIn: [{ ...span, agent: 'b' }] })).toEqual([])
  expect(await of({ measuredIn: [{ ...span, after: startedAt }] })).toEqual([])
  expect(await of({ measuredIn: [] })).toEqual([])
})

it('says what comes next and what is known of every configuration', async () => {
  fill()
  const next = await reader.next(bench.sweepId, 9)
  expect(next.map(({ index, why }) => [index, why])).toEqual([
    [3, 'test'],
    [1, 'test'],
  ])
  expect(await reader.marks(bench.sweepId)).toEqual(
    new Map([
      [0, 'audit'],
      [1, 'next'],
      [2, 'infeasible'],
      [3, 'next'],
    ]),
  )
})

it('gives a trial with everything that was recorded of it', async () => {
  fill()
  const { trials } = await reader.trials({
    sweepId: bench.sweepId,
    purposes: ['audit'],
    offset: 0,
    limit: 1,
  })
  const trialId = trials[0]?.trialId ?? ''
  const token = bench.store.findTrial(trialId)?.lease?.token ?? 0
  const sample = {
    repetition: 0,
    warmUp: false,
    scheduledAt: 1,
    sentAt: 1.1,
    chunkAt: [1.2, 1.3],
    chunkTokens: [1, 1],
    endedAt: 1.4,
    inputTokensAsked: 16,
    outputTokensAsked: 2,
    inputTokens: 16,
    outputTokens: 2,
    cachedTokens: null,
    outcome: 'ok' as const,
  }
  bench.store.addSamples(trialId, token, [
    { ...sample, request: 0 },
    { ...sample, request: 1 },
    { ...sample, request: 2 },
  ])
  bench.store.addTelemetry('a', trialId, [{ at: 5, device: 'cpu', powerWatts: 30 }])
  const dossier = await reader.trial(trialId, 2)
  expect(dossier).toMatchObject({ requests: 3, sweepId: bench.sweepId, measurement })
  expect(dossier?.samples.map(({ request }) => request)).toEqual([0, 1])
  expect(dossier?.telemetry).toEqual([{ at: 5, device: 'cpu', powerWatts: 30 }])
  expect(await reader.trial('t999.00000000', 2)).toBeUndefined()
})

it('tells events in order, before and after any of them, of one sweep only', async () => {
  fill()
  const all = await reader.events(bench.sweepId, undefined, 99)
  const ids = all.map(({ id }) => id)
  expect(ids).toEqual([...ids].sort((a, b) => b - a))
  expect(all.map(({ entity, to }) => `${entity} ${to}`)).toContain('trial INFEASIBLE')
  expect(all.find(({ to }) => to === 'INFEASIBLE')).toMatchObject({
    agent: 'a',
    reason: 'out of memory',
    from: 'RUNNING',
  })
  // The reason is that of how it ended, not of the moves before.
  const failed = all.filter(
    ({ entityId }) => entityId === all.find(({ to }) => to === 'FAILED')?.entityId,
  )
  expect(failed.map(({ to, reason }) => [to, reason])).toEqual([
    ['FAILED', 'host busy'],
    ['RUNNING', ''],
    ['LEASED', ''],
  ])
  const middle = ids[3] ?? 0
  expect((await reader.events(bench.sweepId, middle, 2)).map(({ id }) => id)).toEqual(
    ids.slice(4, 6),
  )
  expect((await reader.eventsSince(bench.sweepId, middle, 99)).map(({ id }) => id)).toEqual(
    ids.slice(0, 3).reverse(),
  )
  expect(await reader.events('s99.00000000', undefined, 9)).toEqual([])
})

it('knows what past trials cost, whatever their measurements are worth', async () => {
  fill()
  expect(await reader.pastCosts('simulated', 'cpu', 9)).toEqual([
    cost.deviceSeconds,
    measurement.deviceSeconds,
  ])
  expect(await reader.pastCosts('vllm', 'cpu', 9)).toEqual([])
})
