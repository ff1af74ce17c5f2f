import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measurement, StoreBench } from './store-bench.js'
import type { StoreUnderTest } from './store-bench.js'

/** The laws of leases. */
export function leaseShelfContract(name: string, open: () => StoreUnderTest): void {
  describe(`Store: leases over ${name}`, () => {
    let bench: StoreBench

    beforeEach(() => {
      bench = new StoreBench(open())
    })
    afterEach(() => {
      bench.close()
    })

    it('gives an agent one lease, a block copy one holder, and tokens that only grow', () => {
      const [a, b] = [bench.granted('a'), bench.granted('b')]
      expect(bench.grant('a')).toBeUndefined()
      expect(b.token).toBeGreaterThan(a.token)
      bench.store.endLease(b.leaseId, 'EXPIRED', 30)
      bench.reopen()
      expect(bench.granted('b').token).toBeGreaterThan(b.token)
      expect(bench.store.heldLeases().map(({ agent }) => agent)).toEqual(['a', 'b'])
    })

    it('ends once; its trials go back with the same attempt and keep their token', () => {
      const lease = bench.granted('a')
      const trial = bench.queued(0)
      bench.store.leaseTrial(trial.trialId, lease)
      bench.store.startTrial(trial.trialId, lease.token, 40)
      expect(bench.store.endLease(lease.leaseId, 'EXPIRED', 2040)).toBe(true)
      expect(bench.store.endLease(lease.leaseId, 'RELEASED', 2050)).toBe(false)
      expect(bench.store.findTrial(trial.trialId)).toMatchObject({
        state: 'QUEUED',
        attempt: 1,
        lease: { token: lease.token },
      })
      expect(bench.store.totals(bench.sweepId).deviceSecondsByHardware).toEqual({ cpu: 2 })
      // Late, but nobody else was given it: its own cost replaces the estimate.
      expect(bench.store.succeedTrial(trial.trialId, lease.token, measurement, 3000)).toBe(true)
      expect(bench.store.totals(bench.sweepId).deviceSecondsByHardware).toEqual({ cpu: 3.75 })
    })

    it('charges what a cut trial cost, in place of any estimate, and a run that was lost', () => {
      const spent = () => bench.store.totals(bench.sweepId).deviceSecondsByHardware
      const lease = bench.granted('a')
      const { trialId } = bench.queued(0)
      bench.store.leaseTrial(trialId, lease)
      bench.store.startTrial(trialId, lease.token, 1000)
      // Its agent died, and came back after three seconds.
      expect(bench.store.restartTrial(trialId, lease.token, 4000)).toBe(true)
      expect(spent()).toEqual({ cpu: 3 })
      bench.store.endLease(lease.leaseId, 'REVOKED', 6000)
      expect(spent()).toEqual({ cpu: 5 })
      expect(bench.store.cutTrial(trialId, lease, { deviceSeconds: 1.5, at: 6100 })).toBe(true)
      expect(spent()).toEqual({ cpu: 4.5 })
      bench.reopen()
      const foreign = { leaseId: 'l9.ffffffff', token: 9 }
      expect(bench.store.cutTrial(trialId, foreign, { deviceSeconds: 1, at: 7000 })).toBe(false)
      const again = bench.granted('b')
      bench.store.leaseTrial(trialId, again)
      bench.store.succeedTrial(trialId, again.token, measurement, 9000)
      expect(bench.store.cutTrial(trialId, again, { deviceSeconds: 1, at: 9100 })).toBe(false)
      expect(spent()).toEqual({ cpu: 4.5 + 3.75 })
    })

    it('keeps a result that could not be read when it came, with the trial that failed for it', () => {
      const lease = bench.granted('a')
      const { trialId } = bench.queued(0)
      bench.store.leaseTrial(trialId, lease)
      const failure = {
        code: 'REPORT_REFUSED',
        reason: 'refused',
        cost: { deviceSeconds: 1, at: 5 },
      }
      bench.store.failTrial(trialId, lease.token, failure, {
        notBefore: 9,
        avoidAgent: 'a',
        seed: 1,
      })
      expect(bench.store.keepRefused(trialId, lease.token + 1, measurement)).toBe(false)
      expect(bench.store.keepRefused(trialId, lease.token, measurement)).toBe(true)
      expect(bench.store.keepRefused(trialId, lease.token, measurement)).toBe(false)
      bench.reopen()
      expect(bench.store.findTrial(trialId)).toMatchObject({ state: 'FAILED', measurement })
    })

    it('refuses a late result once the trial was granted again', () => {
      const lease = bench.granted('a')
      const { trialId } = bench.queued(0)
      bench.store.leaseTrial(trialId, lease)
      bench.store.endLease(lease.leaseId, 'EXPIRED', 50)
      const again = bench.granted('b')
      bench.store.leaseTrial(trialId, again)
      expect(bench.store.succeedTrial(trialId, lease.token, measurement, 60)).toBe(false)
      expect(bench.store.succeedTrial(trialId, again.token, measurement, 70)).toBe(true)
    })

    it('renews in bulk, but nothing that has ended', () => {
      const [a, b] = [bench.granted('a'), bench.granted('b')]
      bench.store.endLease(b.leaseId, 'REVOKED', 30)
      bench.store.renewLeases([
        { leaseId: a.leaseId, expiresAt: 500 },
        { leaseId: b.leaseId, expiresAt: 500 },
      ])
      expect(bench.store.findLease(a.leaseId)?.expiresAt).toBe(500)
      expect(bench.store.findLease(b.leaseId)).toMatchObject({ state: 'REVOKED', expiresAt: 120 })
    })
  })
}
