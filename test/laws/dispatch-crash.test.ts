import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HeldLease, TrialOrder } from '../../shared/domain/lease.js'
import type { ReportBatch } from '../../shared/domain/report-item.js'
import type { ExportPart } from '../../shared/domain/sweep-desk.js'
import type { TrialOutcome } from '../../shared/domain/trial.js'
import { dispatchBench, sweepText } from '../fixtures/dispatch-bench.js'
import type { DispatchBench } from '../fixtures/dispatch-bench.js'
import { agentFacts, FakeAgent, isGrant, measurementOf } from '../fixtures/fake-agent.js'

type Deed =
  | { readonly kind: 'ask'; readonly agent: number; readonly capacity: number }
  | { readonly kind: 'run'; readonly agent: number; readonly outcome: 'ok' | 'failed' | 'invalid' }
  | { readonly kind: 'start'; readonly agent: number }
  | { readonly kind: 'reboot'; readonly agent: number }
  | { readonly kind: 'resend'; readonly which: number }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'kill' }

const agent = fc.nat(1)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask'),
      agent,
      capacity: fc.integer({ min: 1, max: 2 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('run'),
      agent,
      outcome: fc.constantFrom('ok', 'ok', 'ok', 'failed', 'invalid'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('start'), agent }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reboot'), agent }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('resend'), which: fc.nat(99) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait'), seconds: fc.constantFrom(1, 6, 20) }),
  },
  { weight: 2, arbitrary: fc.constant<Deed>({ kind: 'kill' }) },
)

/** An agent that remembers what it was given and keeps copies of what it sent. */
class Worker extends FakeAgent {
  readonly orders: { readonly order: TrialOrder; readonly lease: HeldLease }[] = []
  readonly sent: ReportBatch[] = []
  #number = 0

  send(items: ReportBatch['items']): ReportBatch {
    this.#number += 1
    const batch = { agent: this.facts.agent, sequence: this.#number, items }
    this.sent.push(batch)
    return batch
  }
}

function outcomeFor(order: TrialOrder, kind: 'ok' | 'failed' | 'invalid'): TrialOutcome {
  const measurement = measurementOf(order)
  const doubt = { kind: 'engine_starved', severity: 'invalid', detail: 'waited 30 %' } as const
  switch (kind) {
    case 'ok':
      return { kind: 'measured', measurement }
    case 'invalid':
      return { kind: 'measured', measurement: { ...measurement, doubts: [doubt] } }
    case 'failed':
      return { kind: 'failed', code: 'REQUEST_FAILED', reason: 'reset', deviceSeconds: 1 }
  }
}

async function act(bench: DispatchBench, workers: readonly Worker[], step: Deed): Promise<void> {
  const { agentDesk } = bench.dispatcher
  const worker = workers['agent' in step ? step.agent : 0]
  if (worker === undefined) return
  switch (step.kind) {
    case 'ask': {
      const asking = worker.ask(agentDesk, step.capacity)
      // A request with all its trials in hand waits a moment for a result on its way.
      await bench.clock.advance(0.3)
      const answer = await asking
      if (!isGrant(answer)) return
      const known = new Set(worker.orders.map(({ order }) => order.trialId))
      for (const order of answer.trials) {
        if (!known.has(order.trialId)) worker.orders.push({ order, lease: answer })
      }
      return
    }
    case 'start':
    case 'run': {
      const job = step.kind === 'run' ? worker.orders.shift() : worker.orders[0]
      if (job === undefined) return
      const { lease, order } = job
      const { trialId } = order
      await agentDesk.record(worker.send([{ kind: 'trial-started', lease, trialId, at: 0 }]))
      if (step.kind === 'start') return
      const outcome = outcomeFor(order, step.outcome)
      await agentDesk.record(worker.send([{ kind: 'trial-result', lease, trialId, outcome }]))
      return
    }
    case 'reboot':
      worker.orders.length = 0
      worker.lease = undefined
      await worker.connect(agentDesk)
      return
    case 'resend': {
      const sent = workers.flatMap((each) => each.sent)
      const batch = sent[step.which % Math.max(sent.length, 1)]
      if (batch !== undefined) await agentDesk.record(batch)
      return
    }
    case 'wait':
      await bench.clock.advance(step.seconds)
      return
    case 'kill':
      await bench.restart()
      for (const each of workers) await each.connect(bench.dispatcher.agentDesk)
  }
}

async function exported(bench: DispatchBench): Promise<ExportPart[]> {
  const parts: ExportPart[] = []
  const { signal } = new AbortController()
  for await (const part of bench.dispatcher.sweepDesk.export('small', signal)) {
    if (part.kind === 'surface' || part.kind === 'trial' || part.kind === 'curve') parts.push(part)
  }
  return parts
}

describe('a sweep under kills, expiries, repeats and failures', () => {
  it('ends with one measurement per configuration and the same strategy state', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 10, maxLength: 60 }), async (deeds) => {
        const bench = dispatchBench({ disk: true })
        try {
          const workers = ['one', 'two'].map((name) => new Worker(agentFacts(name)))
          for (const worker of workers) await worker.connect(bench.dispatcher.agentDesk)
          await bench.dispatcher.sweepDesk.submit(sweepText())
          for (const step of deeds) await act(bench, workers, step)

          // From here on everybody is honest: the sweep must come to its end.
          for (let turn = 0; turn < 80; turn += 1) {
            for (const [number] of workers.entries()) {
              await act(bench, workers, { kind: 'ask', agent: number, capacity: 1 })
              await act(bench, workers, { kind: 'run', agent: number, outcome: 'ok' })
            }
            await bench.clock.advance(1)
            const [sweep] = bench.store.listSweeps()
            if (sweep?.state !== 'RUNNING') break
          }
          const { status } = await bench.dispatcher.sweepDesk.get('small')
          if (status.sweep.state !== 'FAILED') {
            expect(status.sweep.state).toBe('COMPLETED')
            expect(status.pending).toBe(0)
          }
          const trials = bench.store.trialsOf(status.sweep.sweepId, undefined, 1000)
          const measured = trials.filter(({ state }) => state === 'SUCCEEDED')
          expect(new Set(measured.map(({ index }) => index)).size).toBe(measured.length)
          expect(measured.length).toBe(status.measured)
          expect(status.spent.deviceSeconds).toBeGreaterThanOrEqual(2 * measured.length)

          const before = await exported(bench)
          await bench.restart()
          expect(await exported(bench)).toEqual(before)
        } finally {
          await bench.close()
        }
      }),
      { numRuns: 12 },
    )
  })
})
