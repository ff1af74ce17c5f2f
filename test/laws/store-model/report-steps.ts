import fc from 'fast-check'
import { expect } from 'vitest'
import type { Sample } from '../../../shared/domain/sample.js'
import { choice, pick, Transition } from './step.js'
import type { Step } from './step.js'

/** Batches below the acknowledged number by more than this are known to be recorded. */
const receiptsKept = 64

/** A batch comes, perhaps again, perhaps late: it is recorded once. */
const record =
  (agentNumber: number, sequence: number): Step =>
  (model, { store }) => {
    const agent = pick(model.agents, agentNumber)
    if (agent === undefined) return
    const { name, receipts } = agent
    const longAgo = sequence <= agent.acknowledged - receiptsKept
    const known = receipts.get(sequence) ?? (longAgo ? [] : undefined)
    expect(store.receiptOf(name, sequence)).toEqual(known)
    if (receipts.has(sequence)) {
      expect(() => store.saveReceipt(name, sequence, [])).toThrow(/UNIQUE/)
    } else if (known === undefined) {
      store.saveReceipt(name, sequence, [`t${sequence}`])
      receipts.set(sequence, [`t${sequence}`])
      agent.acknowledged = Math.max(agent.acknowledged, sequence)
      for (const old of receipts.keys()) {
        if (old <= agent.acknowledged - receiptsKept) receipts.delete(old)
      }
    }
    expect(store.acknowledgedSequence(name)).toBe(agent.acknowledged)
  }

const sample: Sample = {
  ...{ repetition: 0, request: 0, warmUp: false, scheduledAt: 0, sentAt: 0, endedAt: 1 },
  ...{ chunkAt: [0.5], chunkTokens: [1], inputTokensAsked: 1, outputTokensAsked: 1 },
  ...{ inputTokens: 1, outputTokens: 1, cachedTokens: null, outcome: 'ok' },
}

/** Samples count under the token that their trial was last granted with. */
const sampled =
  (trialNumber: number, leaseNumber: number): Step =>
  (model, { store }) => {
    const trial = pick(model.trials, trialNumber)
    const token = leaseNumber % 2 === 0 ? trial?.token : pick(model.leases, leaseNumber)?.token
    if (trial === undefined || token === undefined) return
    store.addSamples(trial.id, token, [sample])
    trial.samples.set(token, (trial.samples.get(token) ?? 0) + 1)
  }

const read =
  (trialNumber: number): Step =>
  (model, { store, clock }) => {
    const trial = pick(model.trials, trialNumber)
    store.addTelemetry('a', trial?.id, [{ at: clock.wall(), device: 'cpu' }])
    if (trial !== undefined) trial.readings += 1
  }

/** Every machine that measured is told, with its engines. */
const environments =
  (sweepNumber: number): Step =>
  (model, { store }) => {
    const sweep = pick(model.sweeps, sweepNumber)
    if (sweep === undefined) return
    const measuring = model.trials.filter((trial) => trial.sweep === sweep && trial.measured)
    const agents = new Set(measuring.map(({ agent }) => agent))
    const told = store.environmentsOf(sweep.id).map(({ agent }) => agent)
    expect(told).toEqual([...agents].sort())
  }

/** All trials of a sweep, two by two, in the order they were queued. */
const list =
  (sweepNumber: number): Step =>
  (model, { store }) => {
    const sweep = pick(model.sweeps, sweepNumber)
    if (sweep === undefined) return
    const all = model.trials.filter((trial) => trial.sweep === sweep).map(({ id }) => id)
    const found: string[] = []
    for (;;) {
      const page = store.trialsOf(sweep.id, found.at(-1), 2)
      found.push(...page.map(({ trialId }) => trialId))
      if (page.length < 2) break
    }
    expect(found).toEqual(all)
  }

export const reportSteps: fc.Arbitrary<Transition>[] = [
  fc
    .tuple(choice, fc.constantFrom(1, 2, 3, 70, 150))
    .map(([a, sequence]) => new Transition(`batch ${a} ${sequence}`, record(a, sequence))),
  fc.tuple(choice, choice).map(([t, l]) => new Transition(`samples of ${t}`, sampled(t, l))),
  choice.map((t) => new Transition(`telemetry of ${t}`, read(t))),
  choice.map((s) => new Transition(`environments of ${s}`, environments(s))),
  choice.map((s) => new Transition(`trials of ${s}`, list(s))),
]
