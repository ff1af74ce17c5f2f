import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../coordinator/dispatch/store-port.js'
import type { StoredLease, StoredTrial } from '../../coordinator/dispatch/store-records.js'
import { blockKey, blockOf } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { Measurement } from '../../shared/domain/measurement.js'
import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import { agentFacts } from '../fixtures/fake-agent.js'

export interface StoreUnderTest {
  readonly store: Store
  /** Closes and opens again; the same store where it cannot be opened again. */
  reopen(): Store
  close(): void
}

const configuration = (load: number, engine = 'simulated'): Configuration => ({
  model: 'm',
  engine,
  engineArgs: { 'max-num-seqs': 128 },
  hardware: 'cpu',
  tensorParallel: 1,
  load,
  inputTokens: 16,
  outputTokens: 8,
})

const measurement: Measurement = {
  metrics: [
    {
      metric: 'ttft',
      value: 0.25,
      low: 0.2,
      high: Infinity,
      confidence: 0.9,
      relativeSd: 0.02,
      count: 3,
      percentiles: { p50: 0.25, p99: null },
    },
  ],
  doubts: [{ kind: 'host_busy', severity: 'marked', detail: '4 % of one core' }],
  timing: { setUp: 0.5, warmUp: 1, measured: 2, gaps: 0.25 },
  deviceSeconds: 3.75,
  energyJoules: 12.5,
  repetitions: 3,
  requests: 12,
  startedAt: 1000,
}

/** The laws of the Store port, over any implementation. */
export function storeContract(name: string, open: () => StoreUnderTest): void {
  describe(`Store over ${name}`, () => {
    let under: StoreUnderTest
    let store: Store
    let sweepId: string

    beforeEach(() => {
      under = open()
      store = under.store
      store.saveAgent(agentFacts('a'), 1)
      store.saveAgent(agentFacts('b'), 1)
      sweepId = store.insertSweep({ name: 'one', text: 'text', createdAt: 1 })?.sweepId ?? ''
    })
    afterEach(() => {
      under.close()
    })

    const queue = (index: number, purpose: StoredTrial['purpose'] = 'explore') =>
      store.queueTrial({
        sweepId,
        index,
        configuration: configuration(index + 1),
        purpose,
        why: 'test',
        seed: 5,
        queuedAt: 10,
      })
    const queued = (index: number, purpose: StoredTrial['purpose'] = 'explore'): StoredTrial => {
      const trial = queue(index, purpose)
      if (trial === undefined) throw new Error('not queued')
      return trial
    }
    const grant = (agent: string, at = 20) =>
      store.grantLease({
        sweepId,
        block: blockOf(configuration(1)),
        agent,
        at,
        expiresAt: at + 100,
      })
    const granted = (agent: string): StoredLease => {
      const lease = grant(agent)
      if (lease === undefined) throw new Error('not granted')
      return lease
    }
    const stateOf = (trial: StoredTrial) => store.findTrial(trial.trialId)?.state
    const cost = { deviceSeconds: 1.5, at: 99 }

    describe('sweeps', () => {
      it('takes a name once and finds by id and by name', () => {
        expect(store.insertSweep({ name: 'one', text: 'other', createdAt: 2 })).toBeUndefined()
        expect(store.findSweep('one')).toEqual(store.findSweep(sweepId))
        expect(store.findSweep('two')).toBeUndefined()
        expect(store.listSweeps().map(({ name }) => name)).toEqual(['one'])
      })

      it('moves only from the states asked for and along legal arrows', () => {
        const note = { reason: 'r', at: 5 }
        expect(store.moveSweep(sweepId, ['PAUSED'], 'RUNNING', note)).toBe(false)
        expect(
          store.moveSweep(sweepId, ['RUNNING'], 'COMPLETED', { ...note, goalReached: true }),
        ).toBe(true)
        expect(store.moveSweep(sweepId, ['COMPLETED'], 'RUNNING', note)).toBe(false)
        expect(store.findSweep(sweepId)).toMatchObject({
          state: 'COMPLETED',
          reason: 'r',
          goalReached: true,
          endedAt: 5,
        })
      })

      it('fixes the hardware once', () => {
        store.fixHardware(sweepId, ['A100', 'H100'])
        store.fixHardware(sweepId, ['cpu'])
        expect(store.findSweep(sweepId)?.hardware).toEqual(['A100', 'H100'])
      })

      it('keeps a claim as it was at completion, unknown figures included', () => {
        const plan = {
          configurations: 12,
          accuracy: [],
          fullGridDeviceSeconds: { value: NaN, low: -Infinity, high: Infinity },
          measured: 1,
          audits: 0,
          infeasible: 0,
        }
        expect(store.savePlanStatus(sweepId, plan)).toBe(true)
        store.moveSweep(sweepId, ['RUNNING'], 'COMPLETED', { reason: '', at: 5 })
        expect(store.savePlanStatus(sweepId, { ...plan, measured: 2 })).toBe(false)
        store = under.reopen()
        expect(store.findSweep(sweepId)?.planStatus).toEqual(plan)
      })

      it('keeps the curve in order', () => {
        store.addCurvePoint(sweepId, { deviceSeconds: 1, measured: 1, accuracy: [] })
        store.addCurvePoint(sweepId, { deviceSeconds: 2, measured: 2, accuracy: [] })
        expect(store.curve(sweepId).map(({ measured }) => measured)).toEqual([1, 2])
      })
    })

    describe('trials', () => {
      it('queues a configuration once per class, and a repeat one at a time', () => {
        expect(queue(3)).toMatchObject({ state: 'QUEUED', attempt: 1, index: 3, seed: 5 })
        expect(queue(3)).toBeUndefined()
        expect(queue(3, 'audit')).toBeUndefined()
        expect(queue(3, 'verify')).toBeDefined()
        expect(queue(3, 'verify')).toBeUndefined()
        expect(queue(3, 'repeat')).toBeDefined()
        expect(queue(3, 'repeat')).toBeUndefined()
      })

      it('measures nothing twice, and tries an abandoned configuration again only if told', () => {
        const lease = granted('a')
        const trial = queued(0)
        store.leaseTrial(trial.trialId, lease)
        store.succeedTrial(trial.trialId, lease.token, measurement, 50)
        expect(queue(0)).toBeUndefined()
        expect(queue(0, 'repeat')).toBeDefined()
      })

      it('leases only under a held lease of the trial’s own block', () => {
        const lease = granted('a')
        const trial = queued(0)
        const other = store.queueTrial({
          sweepId,
          index: 9,
          configuration: configuration(1, 'embedded'),
          purpose: 'explore',
          why: '',
          seed: 1,
          queuedAt: 1,
        })
        expect(store.leaseTrial(other?.trialId ?? '', lease)).toBe(false)
        expect(store.leaseTrial(trial.trialId, lease)).toBe(true)
        expect(store.leaseTrial(trial.trialId, lease)).toBe(false)
        expect(store.activeTrials(lease.leaseId).map(({ index }) => index)).toEqual([0])
        store.endLease(lease.leaseId, 'RELEASED', 30)
        expect(store.leaseTrial(trial.trialId, lease)).toBe(false)
      })

      it('starts and ends a trial only under its token, and only once', () => {
        const lease = granted('a')
        const { trialId } = queued(0)
        store.leaseTrial(trialId, lease)
        expect(store.startTrial(trialId, lease.token + 1, 40)).toBe(false)
        expect(store.startTrial(trialId, lease.token, 40)).toBe(true)
        expect(store.succeedTrial(trialId, lease.token + 1, measurement, 50)).toBe(false)
        expect(store.succeedTrial(trialId, lease.token, measurement, 50)).toBe(true)
        expect(store.succeedTrial(trialId, lease.token, measurement, 60)).toBe(false)
        expect(store.closeInfeasible(trialId, lease.token, 'no', cost)).toBe(false)
        store = under.reopen()
        expect(store.findTrial(trialId)).toMatchObject({
          state: 'SUCCEEDED',
          agent: 'a',
          endedAt: 50,
          deviceSeconds: 3.75,
          measurement,
        })
      })

      it('gives a failed trial one successor with its lineage', () => {
        const lease = granted('a')
        const { trialId } = queued(0)
        store.leaseTrial(trialId, lease)
        const failure = { code: 'ENGINE_FAILED', reason: 'it crashed', cost }
        const retry = { notBefore: 500, avoidAgent: 'a', seed: 6 }
        const successor = store.failTrial(trialId, lease.token, failure, retry)
        expect(successor).toMatchObject({
          state: 'QUEUED',
          attempt: 2,
          retryOf: trialId,
          seed: 6,
          notBefore: 500,
          index: 0,
        })
        expect(store.failTrial(trialId, lease.token, failure, retry)).toBeUndefined()
        expect(store.findTrial(trialId)).toMatchObject({ state: 'FAILED', code: 'ENGINE_FAILED' })
        expect(store.nextRetryAt(sweepId, 99)).toBe(500)
      })

      it('keeps a refused measurement for show but counts it as nothing', () => {
        const lease = granted('a')
        const { trialId } = queued(0)
        store.leaseTrial(trialId, lease)
        const failure = { code: 'INVALID', reason: 'busy', cost, measurement }
        expect(store.giveUpTrial(trialId, lease.token, failure)).toBe(true)
        expect(store.findTrial(trialId)).toMatchObject({ state: 'ABANDONED', measurement })
        expect(store.totals(sweepId)).toMatchObject({ measured: 0, invalid: 1, failed: 0 })
        expect(store.abandonedIndices(sweepId)).toEqual([0])
      })

      it('offers what the agent can run, rested, and not to whom it should avoid', () => {
        const lease = granted('a')
        const { trialId } = queued(0)
        store.leaseTrial(trialId, lease)
        const failure = { code: 'ENGINE_FAILED', reason: '', cost }
        store.failTrial(trialId, lease.token, failure, {
          notBefore: 500,
          avoidAgent: 'a',
          seed: 6,
        })
        const filter = {
          sweepId,
          agent: 'a',
          hardware: 'cpu',
          deviceCount: 1,
          engines: ['simulated'],
          now: 500,
          evenIfAvoided: false,
        }
        const offered = (change: object) => store.claimable({ ...filter, ...change }, 9).length
        expect(offered({})).toBe(0)
        expect(offered({ evenIfAvoided: true })).toBe(1)
        expect(offered({ agent: 'b' })).toBe(1)
        expect(offered({ agent: 'b', now: 499 })).toBe(0)
        expect(offered({ agent: 'b', hardware: 'H100' })).toBe(0)
        expect(offered({ agent: 'b', engines: ['vllm'] })).toBe(0)
        expect(offered({ agent: 'b', blockKey: blockKey(configuration(1)) })).toBe(1)
        expect(offered({ agent: 'b', blockKey: 'another' })).toBe(0)
        // The clock jumped back by more than any rest lasts.
        expect(offered({ agent: 'b', now: 500 - 3_600_001 })).toBe(1)
      })

      it('drops what nobody wants, says which, and takes its cost later, once', () => {
        const lease = granted('a')
        const [running, waiting, reference] = [queued(0), queued(1), queued(2, 'verify')]
        store.leaseTrial(running.trialId, lease)
        store.startTrial(running.trialId, lease.token, 40)
        const some = store.dropTrials(sweepId, { verify: false, inFlight: false }, 'goal', 60)
        expect(some.map(({ index }) => index)).toEqual([1])
        store.dropTrials(sweepId, { verify: false, inFlight: true }, 'cancelled', 61)
        expect([running, waiting, reference].map(stateOf)).toEqual([
          'ABANDONED',
          'ABANDONED',
          'QUEUED',
        ])
        expect(store.abandonedIndices(sweepId)).toEqual([])
        expect(store.chargeDropped(running.trialId, lease.token + 1, cost)).toBe(false)
        expect(store.chargeDropped(running.trialId, lease.token, cost)).toBe(true)
        expect(store.chargeDropped(running.trialId, lease.token, cost)).toBe(false)
        expect(store.totals(sweepId)).toMatchObject({
          failed: 0,
          pending: 0,
          deviceSecondsByHardware: { cpu: 1.5 },
        })
      })
    })

    describe('leases', () => {
      it('gives an agent one lease, a block copy one holder, and tokens that only grow', () => {
        const [a, b] = [granted('a'), granted('b')]
        expect(grant('a')).toBeUndefined()
        expect(b.token).toBeGreaterThan(a.token)
        store.endLease(b.leaseId, 'EXPIRED', 30)
        store = under.reopen()
        expect(granted('b').token).toBeGreaterThan(b.token)
        expect(store.heldLeases().map(({ agent }) => agent)).toEqual(['a', 'b'])
      })

      it('ends once; its trials go back with the same attempt and keep their token', () => {
        const lease = granted('a')
        const trial = queued(0)
        store.leaseTrial(trial.trialId, lease)
        store.startTrial(trial.trialId, lease.token, 40)
        expect(store.endLease(lease.leaseId, 'EXPIRED', 2040)).toBe(true)
        expect(store.endLease(lease.leaseId, 'RELEASED', 2050)).toBe(false)
        expect(store.findTrial(trial.trialId)).toMatchObject({
          state: 'QUEUED',
          attempt: 1,
          lease: { token: lease.token },
        })
        expect(store.totals(sweepId).deviceSecondsByHardware).toEqual({ cpu: 2 })
        // Late, but nobody else was given it: its own cost replaces the estimate.
        expect(store.succeedTrial(trial.trialId, lease.token, measurement, 3000)).toBe(true)
        expect(store.totals(sweepId).deviceSecondsByHardware).toEqual({ cpu: 3.75 })
      })

      it('refuses a late result once the trial was granted again', () => {
        const lease = granted('a')
        const { trialId } = queued(0)
        store.leaseTrial(trialId, lease)
        store.endLease(lease.leaseId, 'EXPIRED', 50)
        const again = granted('b')
        store.leaseTrial(trialId, again)
        expect(store.succeedTrial(trialId, lease.token, measurement, 60)).toBe(false)
        expect(store.succeedTrial(trialId, again.token, measurement, 70)).toBe(true)
      })

      it('renews in bulk, but nothing that has ended', () => {
        const [a, b] = [granted('a'), granted('b')]
        store.endLease(b.leaseId, 'REVOKED', 30)
        store.renewLeases([
          { leaseId: a.leaseId, expiresAt: 500 },
          { leaseId: b.leaseId, expiresAt: 500 },
        ])
        expect(store.findLease(a.leaseId)?.expiresAt).toBe(500)
        expect(store.findLease(b.leaseId)).toMatchObject({ state: 'REVOKED', expiresAt: 120 })
      })
    })

    describe('reports', () => {
      it('knows a batch again, whatever the order', () => {
        expect(store.receiptOf('a', 57)).toBeUndefined()
        store.saveReceipt('a', 57, ['t1'])
        store.saveReceipt('a', 56, [])
        store = under.reopen()
        expect(store.receiptOf('a', 57)).toEqual(['t1'])
        expect(store.receiptOf('a', 56)).toEqual([])
        expect(store.receiptOf('a', 58)).toBeUndefined()
        expect(store.receiptOf('b', 57)).toBeUndefined()
        expect(store.acknowledgedSequence('a')).toBe(57)
        expect(store.saveAgent(agentFacts('a'), 9)).toBe(57)
      })

      it('knows old batches again after their receipts are gone', () => {
        for (let sequence = 1; sequence <= 200; sequence += 1) store.saveReceipt('a', sequence, [])
        expect(store.receiptOf('a', 3)).toEqual([])
        expect(store.receiptOf('a', 201)).toBeUndefined()
      })

      it('gives samples and telemetry back to the last bit', () => {
        const lease = granted('a')
        const { trialId } = queued(0)
        store.leaseTrial(trialId, lease)
        const sample: Sample = {
          repetition: 1,
          request: 2,
          warmUp: false,
          scheduledAt: 0.1,
          sentAt: 0.1 + 0.2,
          chunkAt: [1 / 3, 2 / 3, 1e-9],
          chunkTokens: [1, 1, 1],
          endedAt: 3.3,
          inputTokensAsked: 16,
          outputTokensAsked: 3,
          inputTokens: 16,
          outputTokens: null,
          cachedTokens: null,
          outcome: 'ok',
        }
        const failed: Sample = {
          ...sample,
          chunkAt: [0.5],
          chunkTokens: [7],
          outcome: 'error',
          error: 'reset by peer',
        }
        store.addSamples(trialId, lease.token, [sample, failed])
        store.addSamples(trialId, lease.token + 1, [sample])
        const readings: TelemetryReading[] = [
          { at: 5, device: 'cpu', utilizationPercent: 12.5, throttleReasons: ['heat'] },
          { at: 6, device: 'cpu', powerWatts: 30 },
        ]
        store.addTelemetry('a', trialId, readings)
        store = under.reopen()
        expect(store.samplesOf(trialId)).toEqual([sample, failed])
        expect(store.telemetryOf(trialId)).toEqual(readings)
      })

      it('charges engine starts to the sweep, not to its verification', () => {
        const facts = { kind: 'simulated', version: '1', effectiveArgs: {} }
        const lease = granted('a')
        const start = { lease, facts, startUpSeconds: 3, deviceSeconds: 6, at: 1 }
        expect(store.addEngineStart(start)).toBe(true)
        const foreign = { leaseId: 'l1.deadbeef', token: 1 }
        expect(store.addEngineStart({ ...start, lease: foreign })).toBe(false)
        store.endLease(lease.leaseId, 'RELEASED', 30)
        store.moveSweep(sweepId, ['RUNNING'], 'COMPLETED', { reason: '', at: 40 })
        const later = grant('a', 50)
        expect(store.addEngineStart({ ...start, lease: later ?? lease })).toBe(true)
        expect(store.totals(sweepId)).toMatchObject({
          engineStarts: 1,
          engineStartDeviceSeconds: 6,
          setUp: 3,
          firstGrantAt: 20,
          deviceSecondsByHardware: { cpu: 6 },
        })
      })

      it('tells on which machines and engines a sweep was measured', () => {
        const lease = granted('a')
        const facts = { kind: 'simulated', version: '1', effectiveArgs: { threads: 1 } }
        store.addEngineStart({ lease, facts, startUpSeconds: 1, deviceSeconds: 1, at: 1 })
        for (const index of [0, 1]) {
          const { trialId } = queued(index)
          store.leaseTrial(trialId, lease)
          store.succeedTrial(trialId, lease.token, measurement, 50)
        }
        expect(store.environmentsOf(sweepId)).toEqual([
          { agent: 'a', environment: agentFacts('a').environment, engines: [facts] },
        ])
      })
    })

    it('keeps the planner log in the order of the calls, not of the writing', () => {
      const observation = {
        index: 1,
        outcome: 'measured' as const,
        values: { ttft: { value: 0.1 + 0.2, relativeSd: NaN } },
        cost: 2,
        purpose: 'audit' as const,
        agent: 'a',
        at: 5,
      }
      store.appendPlannerCall(sweepId, 2, { kind: 'tell', observation })
      store.appendPlannerCall(sweepId, 1, { kind: 'remove', index: 4 })
      store = under.reopen()
      expect(store.plannerCalls(sweepId, 0, 9)).toEqual([
        { number: 1, call: { kind: 'remove', index: 4 } },
        { number: 2, call: { kind: 'tell', observation } },
      ])
      expect(store.lastPlannerCall(sweepId)).toBe(2)
    })

    it('undoes all of a transaction that throws', () => {
      expect(() =>
        store.atomically(() => {
          queued(0)
          granted('a')
          throw new Error('half-way')
        }),
      ).toThrow('half-way')
      expect(queue(0)).toBeDefined()
      expect(grant('a')).toBeDefined()
    })

    it('adds up a sweep, verification apart', () => {
      const lease = granted('a')
      const finish = (index: number, purpose: StoredTrial['purpose']) => {
        const { trialId } = queued(index, purpose)
        store.leaseTrial(trialId, lease)
        store.succeedTrial(trialId, lease.token, measurement, 50 + index)
      }
      finish(0, 'explore')
      finish(1, 'audit')
      finish(0, 'repeat')
      finish(5, 'verify')
      queued(6, 'verify')
      queued(7)
      const { trialId } = queued(8)
      store.leaseTrial(trialId, lease)
      store.closeInfeasible(trialId, lease.token, 'context too long', { deviceSeconds: 0, at: 60 })
      expect(store.totals(sweepId)).toEqual({
        measured: 2,
        audits: 1,
        infeasible: 1,
        failed: 0,
        invalid: 0,
        pending: 1,
        inFlight: 0,
        attempts: 4,
        deviceSecondsByHardware: { cpu: 11.25 },
        setUp: 1.5,
        warmUp: 3,
        measuring: 6,
        gaps: 0.75,
        energyJoules: 37.5,
        engineStarts: 0,
        engineStartDeviceSeconds: 0,
        firstGrantAt: 20,
        lastResultAt: 60,
        verifyOrdered: 2,
        verifyMeasured: 1,
      })
    })
  })
}
