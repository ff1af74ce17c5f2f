import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blockKey } from '../../shared/domain/configuration.js'
import { configurationAt, cost, measurement, StoreBench } from './store-bench.js'
import type { StoreUnderTest } from './store-bench.js'

/** The laws of trials. */
export function trialShelfContract(name: string, open: () => StoreUnderTest): void {
  describe(`Store: trials over ${name}`, () => {
    let bench: StoreBench

    beforeEach(() => {
      bench = new StoreBench(open())
    })
    afterEach(() => {
      bench.close()
    })

    it('queues a configuration once per class, and a repeat one at a time', () => {
      expect(bench.queue(3)).toMatchObject({ state: 'QUEUED', attempt: 1, index: 3, seed: 5 })
      expect(bench.queue(3)).toBeUndefined()
      expect(bench.queue(3, 'audit')).toBeUndefined()
      expect(bench.queue(3, 'verify')).toBeDefined()
      expect(bench.queue(3, 'verify')).toBeUndefined()
      expect(bench.queue(3, 'repeat')).toBeDefined()
      expect(bench.queue(3, 'repeat')).toBeUndefined()
    })

    it('measures nothing twice, and tries an abandoned configuration again only if told', () => {
      const lease = bench.granted('a')
      const trial = bench.queued(0)
      bench.store.leaseTrial(trial.trialId, lease)
      bench.store.succeedTrial(trial.trialId, lease.token, measurement, 50)
      expect(bench.queue(0)).toBeUndefined()
      expect(bench.queue(0, 'repeat')).toBeDefined()
    })

    it('leases only under a held lease of the trial’s own block', () => {
      const lease = bench.granted('a')
      const trial = bench.queued(0)
      const other = bench.store.queueTrial({
        sweepId: bench.sweepId,
        index: 9,
        configuration: configurationAt(1, 'embedded'),
        purpose: 'explore',
        why: '',
        seed: 1,
        queuedAt: 1,
      })
      expect(bench.store.leaseTrial(other?.trialId ?? '', lease)).toBe(false)
      expect(bench.store.leaseTrial(trial.trialId, lease)).toBe(true)
      expect(bench.store.leaseTrial(trial.trialId, lease)).toBe(false)
      expect(bench.store.activeTrials(lease.leaseId).map(({ index }) => index)).toEqual([0])
      bench.store.endLease(lease.leaseId, 'RELEASED', 30)
      expect(bench.store.leaseTrial(trial.trialId, lease)).toBe(false)
    })

    it('starts and ends a trial only under its token, and only once', () => {
      const lease = bench.granted('a')
      const { trialId } = bench.queued(0)
      bench.store.leaseTrial(trialId, lease)
      expect(bench.store.startTrial(trialId, lease.token + 1, 40)).toBe(false)
      expect(bench.store.startTrial(trialId, lease.token, 40)).toBe(true)
      expect(bench.store.succeedTrial(trialId, lease.token + 1, measurement, 50)).toBe(false)
      expect(bench.store.succeedTrial(trialId, lease.token, measurement, 50)).toBe(true)
      expect(bench.store.succeedTrial(trialId, lease.token, measurement, 60)).toBe(false)
      expect(bench.store.closeInfeasible(trialId, lease.token, 'no', cost)).toBe(false)
      bench.reopen()
      expect(bench.store.findTrial(trialId)).toMatchObject({
        state: 'SUCCEEDED',
        agent: 'a',
        endedAt: 50,
        deviceSeconds: 3.75,
        measurement,
      })
    })

    it('gives a failed trial one successor with its lineage', () => {
      const lease = bench.granted('a')
      const { trialId } = bench.queued(0)
      bench.store.leaseTrial(trialId, lease)
      const failure = { code: 'ENGINE_FAILED', reason: 'it crashed', cost }
      const retry = { notBefore: 500, avoidAgent: 'a', seed: 6 }
      const successor = bench.store.failTrial(trialId, lease.token, failure, retry)
      expect(successor).toMatchObject({
        state: 'QUEUED',
        attempt: 2,
        retryOf: trialId,
        seed: 6,
        notBefore: 500,
        index: 0,
      })
      expect(bench.store.failTrial(trialId, lease.token, failure, retry)).toBeUndefined()
      expect(bench.store.findTrial(trialId)).toMatchObject({
        state: 'FAILED',
        code: 'ENGINE_FAILED',
      })
    })

    it('keeps a refused measurement for show but counts it as nothing', () => {
      const lease = bench.granted('a')
      const { trialId } = bench.queued(0)
      bench.store.leaseTrial(trialId, lease)
      const failure = { code: 'INVALID', reason: 'busy', cost, measurement }
      expect(bench.store.giveUpTrial(trialId, lease.token, failure)).toBe(true)
      expect(bench.store.findTrial(trialId)).toMatchObject({ state: 'ABANDONED', measurement })
      expect(bench.store.totals(bench.sweepId)).toMatchObject({
        measured: 0,
        invalid: 1,
        failed: 0,
      })
      expect(bench.store.abandonedIndices(bench.sweepId)).toEqual([0])
    })

    it('offers what the agent can run, rested, and not to whom it should avoid', () => {
      const lease = bench.granted('a')
      const { trialId } = bench.queued(0)
      bench.store.leaseTrial(trialId, lease)
      const failure = { code: 'ENGINE_FAILED', reason: '', cost }
      bench.store.failTrial(trialId, lease.token, failure, {
        notBefore: 500,
        avoidAgent: 'a',
        seed: 6,
      })
      const filter = {
        sweepId: bench.sweepId,
        agent: 'a',
        hardware: 'cpu',
        deviceCount: 1,
        engines: ['simulated'],
        now: 500,
        evenIfAvoided: false,
      }
      const offered = (change: object) => bench.store.claimable({ ...filter, ...change }, 9).length
      expect(offered({})).toBe(0)
      expect(offered({ evenIfAvoided: true })).toBe(1)
      expect(offered({ agent: 'b' })).toBe(1)
      expect(offered({ agent: 'b', now: 499 })).toBe(0)
      expect(offered({ agent: 'b', hardware: 'H100' })).toBe(0)
      expect(offered({ agent: 'b', engines: ['vllm'] })).toBe(0)
      expect(offered({ agent: 'b', blockKey: blockKey(configurationAt(1)) })).toBe(1)
      expect(offered({ agent: 'b', blockKey: 'another' })).toBe(0)
      // The clock jumped back by more than any rest lasts.
      expect(offered({ agent: 'b', now: 500 - 3_600_001 })).toBe(1)
    })

    it('drops what nobody wants, says which, and takes its cost later, once', () => {
      const lease = bench.granted('a')
      const [running, waiting, reference] = [
        bench.queued(0),
        bench.queued(1),
        bench.queued(2, 'verify'),
      ]
      bench.store.leaseTrial(running.trialId, lease)
      bench.store.startTrial(running.trialId, lease.token, 40)
      const some = bench.store.dropTrials(
        bench.sweepId,
        { verify: false, inFlight: false },
        'goal',
        60,
      )
      expect(some.map(({ index }) => index)).toEqual([1])
      bench.store.dropTrials(bench.sweepId, { verify: false, inFlight: true }, 'cancelled', 61)
      expect([running, waiting, reference].map((trial) => bench.stateOf(trial))).toEqual([
        'ABANDONED',
        'ABANDONED',
        'QUEUED',
      ])
      expect(bench.store.abandonedIndices(bench.sweepId)).toEqual([])
      expect(bench.store.chargeDropped(running.trialId, lease.token + 1, cost)).toBe(false)
      expect(bench.store.chargeDropped(running.trialId, lease.token, cost)).toBe(true)
      expect(bench.store.chargeDropped(running.trialId, lease.token, cost)).toBe(false)
      expect(bench.store.totals(bench.sweepId)).toMatchObject({
        failed: 0,
        pending: 0,
        deviceSecondsByHardware: { cpu: 1.5 },
      })
    })
  })
}
