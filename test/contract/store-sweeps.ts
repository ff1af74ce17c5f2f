import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measurement, StoreBench } from './store-bench.js'
import type { StoreUnderTest } from './store-bench.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'

/** The laws of sweeps, and of the port as a whole. */
export function sweepShelfContract(name: string, open: () => StoreUnderTest): void {
  describe(`Store: sweeps over ${name}`, () => {
    let bench: StoreBench

    beforeEach(() => {
      bench = new StoreBench(open())
    })
    afterEach(() => {
      bench.close()
    })

    it('takes a name once and finds by id and by name', () => {
      expect(bench.store.insertSweep({ name: 'one', text: 'other', createdAt: 2 })).toBeUndefined()
      expect(bench.store.findSweep('one')).toEqual(bench.store.findSweep(bench.sweepId))
      expect(bench.store.findSweep('two')).toBeUndefined()
      expect(bench.store.listSweeps().map(({ name }) => name)).toEqual(['one'])
    })

    it('moves only from the states asked for and along legal arrows', () => {
      const note = { reason: 'r', at: 5 }
      expect(bench.store.moveSweep(bench.sweepId, ['PAUSED'], 'RUNNING', note)).toBe(false)
      expect(
        bench.store.moveSweep(bench.sweepId, ['RUNNING'], 'COMPLETED', {
          ...note,
          goalReached: true,
        }),
      ).toBe(true)
      expect(bench.store.moveSweep(bench.sweepId, ['COMPLETED'], 'RUNNING', note)).toBe(false)
      expect(bench.store.findSweep(bench.sweepId)).toMatchObject({
        state: 'COMPLETED',
        reason: 'r',
        goalReached: true,
        endedAt: 5,
      })
    })

    it('keeps what a sweep starts from, and reads what another measured', () => {
      expect(bench.store.pastOf(bench.sweepId)).toEqual([])
      const trials = [0, 1, 2, 3].map((index) => bench.queued(index))
      const lease = bench.granted('a')
      for (const { trialId } of trials) {
        bench.store.leaseTrial(trialId, lease)
        bench.store.startTrial(trialId, lease.token, 30)
      }
      for (const { trialId } of trials.slice(0, 3)) {
        bench.store.succeedTrial(trialId, lease.token, measurement, 40)
      }
      const rows = bench.store.measuredRows(bench.sweepId, 10)
      expect(rows.map(({ configuration }) => configuration.load)).toEqual([1, 2, 3])
      expect(rows[0]).toMatchObject({
        values: { ttft: { value: 0.25, relativeSd: 0.02 / Math.sqrt(3) } },
        cost: measurement.deviceSeconds,
      })
      const some = bench.store.measuredRows(bench.sweepId, 2)
      expect(some.map(({ configuration }) => configuration.load)).toEqual([1, 3])
      const past = rows.map((row) => ({ ...row, origin: 'one' }))
      const next = bench.store.insertSweep({ name: 'two', text: 't', createdAt: 50, past })
      expect(next).toBeDefined()
      bench.reopen()
      expect(bench.store.pastOf(next?.sweepId ?? '')).toEqual(past)
      expect(
        bench.store.insertSweep({ name: 'two', text: 't', createdAt: 60, past: [] }),
      ).toBeUndefined()
      expect(bench.store.pastOf(next?.sweepId ?? '')).toEqual(past)
    })

    it('fixes the hardware once', () => {
      bench.store.fixHardware(bench.sweepId, ['A100', 'H100'])
      bench.store.fixHardware(bench.sweepId, ['cpu'])
      expect(bench.store.findSweep(bench.sweepId)?.hardware).toEqual(['A100', 'H100'])
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
      expect(bench.store.savePlanStatus(bench.sweepId, plan)).toBe(true)
      bench.store.moveSweep(bench.sweepId, ['RUNNING'], 'COMPLETED', { reason: '', at: 5 })
      expect(bench.store.savePlanStatus(bench.sweepId, { ...plan, measured: 2 })).toBe(false)
      bench.reopen()
      expect(bench.store.findSweep(bench.sweepId)?.planStatus).toEqual(plan)
    })

    it('keeps the curve in order', () => {
      bench.store.addCurvePoint(bench.sweepId, { deviceSeconds: 1, measured: 1, accuracy: [] })
      bench.store.addCurvePoint(bench.sweepId, { deviceSeconds: 2, measured: 2, accuracy: [] })
      expect(bench.store.curve(bench.sweepId).map(({ measured }) => measured)).toEqual([1, 2])
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
      bench.store.appendPlannerCall(bench.sweepId, 2, { kind: 'tell', observation })
      bench.store.appendPlannerCall(bench.sweepId, 1, { kind: 'remove', index: 4 })
      bench.reopen()
      expect(bench.store.plannerCalls(bench.sweepId, 0, 9)).toEqual([
        { number: 1, call: { kind: 'remove', index: 4 } },
        { number: 2, call: { kind: 'tell', observation } },
      ])
      expect(bench.store.lastPlannerCall(bench.sweepId)).toBe(2)
    })

    it('undoes all of a transaction that throws', () => {
      expect(() =>
        bench.store.atomically(() => {
          bench.queued(0)
          bench.granted('a')
          throw new Error('half-way')
        }),
      ).toThrow('half-way')
      expect(bench.queue(0)).toBeDefined()
      expect(bench.grant('a')).toBeDefined()
    })

    it('adds up a sweep, verification apart', () => {
      const lease = bench.granted('a')
      const finish = (index: number, purpose: TrialPurpose) => {
        const { trialId } = bench.queued(index, purpose)
        bench.store.leaseTrial(trialId, lease)
        bench.store.succeedTrial(trialId, lease.token, measurement, 50 + index)
      }
      finish(0, 'explore')
      finish(1, 'audit')
      finish(0, 'repeat')
      finish(5, 'verify')
      bench.queued(6, 'verify')
      bench.queued(7)
      const { trialId } = bench.queued(8)
      bench.store.leaseTrial(trialId, lease)
      bench.store.closeInfeasible(trialId, lease.token, 'context too long', {
        deviceSeconds: 0,
        at: 60,
      })
      expect(bench.store.totals(bench.sweepId)).toEqual({
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
