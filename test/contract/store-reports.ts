import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import { agentFacts } from '../fixtures/fake-agent.js'
import { measurement, StoreBench } from './store-bench.js'
import type { StoreUnderTest } from './store-bench.js'

/** The laws of what agents report. */
export function reportShelfContract(name: string, open: () => StoreUnderTest): void {
  describe(`Store: reports over ${name}`, () => {
    let bench: StoreBench

    beforeEach(() => {
      bench = new StoreBench(open())
    })
    afterEach(() => {
      bench.close()
    })

    it('knows a batch again, whatever the order', () => {
      expect(bench.store.receiptOf('a', 57)).toBeUndefined()
      bench.store.saveReceipt('a', 57, ['t1'])
      bench.store.saveReceipt('a', 56, [])
      bench.reopen()
      expect(bench.store.receiptOf('a', 57)).toEqual(['t1'])
      expect(bench.store.receiptOf('a', 56)).toEqual([])
      expect(bench.store.receiptOf('a', 58)).toBeUndefined()
      expect(bench.store.receiptOf('b', 57)).toBeUndefined()
      expect(bench.store.acknowledgedSequence('a')).toBe(57)
      expect(bench.store.saveAgent(agentFacts('a'), 9)).toBe(57)
    })

    it('knows old batches again after their receipts are gone', () => {
      for (let sequence = 1; sequence <= 200; sequence += 1)
        bench.store.saveReceipt('a', sequence, [])
      expect(bench.store.receiptOf('a', 3)).toEqual([])
      expect(bench.store.receiptOf('a', 201)).toBeUndefined()
    })

    it('gives samples and telemetry back to the last bit', () => {
      const lease = bench.granted('a')
      const { trialId } = bench.queued(0)
      bench.store.leaseTrial(trialId, lease)
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
      const streamed: Sample = { ...sample, firstEventAt: 1 / 7 }
      const failed: Sample = {
        ...sample,
        chunkAt: [0.5],
        chunkTokens: [7],
        outcome: 'error',
        error: 'reset by peer',
      }
      bench.store.addSamples(trialId, lease.token, [sample, failed, streamed])
      bench.store.addSamples(trialId, lease.token + 1, [sample])
      const readings: TelemetryReading[] = [
        { at: 5, device: 'cpu', utilizationPercent: 12.5, throttleReasons: ['heat'] },
        { at: 6, device: 'cpu', powerWatts: 30 },
      ]
      bench.store.addTelemetry('a', trialId, readings)
      bench.reopen()
      expect(bench.store.samplesOf(trialId)).toEqual([sample, failed, streamed])
      expect(bench.store.telemetryOf(trialId)).toEqual(readings)
    })

    it('charges engine starts to the sweep, not to its verification', () => {
      const facts = { kind: 'simulated', version: '1', effectiveArgs: {} }
      const lease = bench.granted('a')
      const start = { lease, facts, startUpSeconds: 3, deviceSeconds: 6, at: 1 }
      expect(bench.store.addEngineStart(start)).toBe(true)
      const foreign = { leaseId: 'l1.deadbeef', token: 1 }
      expect(bench.store.addEngineStart({ ...start, lease: foreign })).toBe(false)
      bench.store.endLease(lease.leaseId, 'RELEASED', 30)
      bench.store.moveSweep(bench.sweepId, ['RUNNING'], 'COMPLETED', { reason: '', at: 40 })
      const later = bench.grant('a', 50)
      expect(bench.store.addEngineStart({ ...start, lease: later ?? lease })).toBe(true)
      expect(bench.store.totals(bench.sweepId)).toMatchObject({
        engineStarts: 1,
        engineStartDeviceSeconds: 6,
        setUp: 3,
        firstGrantAt: 20,
        deviceSecondsByHardware: { cpu: 6 },
      })
    })

    it('tells on which machines and engines a sweep was measured', () => {
      const lease = bench.granted('a')
      const facts = { kind: 'simulated', version: '1', effectiveArgs: { threads: 1 } }
      bench.store.addEngineStart({ lease, facts, startUpSeconds: 1, deviceSeconds: 1, at: 1 })
      for (const index of [0, 1]) {
        const { trialId } = bench.queued(index)
        bench.store.leaseTrial(trialId, lease)
        bench.store.succeedTrial(trialId, lease.token, measurement, 50)
      }
      expect(bench.store.environmentsOf(bench.sweepId)).toEqual([
        { agent: 'a', environment: agentFacts('a').environment, engines: [facts] },
      ])
    })
  })
}
