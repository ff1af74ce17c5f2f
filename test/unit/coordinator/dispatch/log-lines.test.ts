import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Grant, TrialOrder } from '../../../../shared/domain/lease.js'
import type { TrialOutcome } from '../../../../shared/domain/trial.js'
import { dispatchBench, silentLog, sweepText } from '../../../fixtures/dispatch-bench.js'
import type { DispatchBench } from '../../../fixtures/dispatch-bench.js'
import { agentFacts, FakeAgent, isGrant, measurementOf } from '../../../fixtures/fake-agent.js'

let bench: DispatchBench
let agent: FakeAgent
let sweep: string
/** Text of a line, and what it names. */
let lines: (readonly [string, Record<string, unknown>])[]

beforeEach(async () => {
  lines = []
  for (const level of ['info', 'warn'] as const) {
    vi.spyOn(silentLog, level).mockImplementation((facts: unknown, text = '') => {
      lines.push([text, { level, ...(facts as object) }])
    })
  }
  bench = dispatchBench()
  agent = new FakeAgent(agentFacts('one'))
  await agent.connect(desk())
  sweep = (await bench.dispatcher.sweepDesk.submit(sweepText())).sweepId
})
afterEach(async () => {
  await bench.close()
  vi.restoreAllMocks()
})

const desk = () => bench.dispatcher.agentDesk

async function granted(): Promise<Grant> {
  const asking = agent.ask(desk(), 1)
  // It waits for the result of a trial that it gave already.
  await bench.clock.advance(0.3)
  const answer = await asking
  if (!isGrant(answer)) throw new Error(answer.reason)
  return answer
}

/** Ends the next trial. @returns its names, as every line about it has them */
async function end(outcome: (order: TrialOrder) => TrialOutcome) {
  const grant = await granted()
  const [order] = grant.trials
  if (order === undefined) throw new Error('no trial')
  await agent.end(desk(), grant, order.trialId, outcome(order))
  return { sweep, lease: grant.leaseId, trial: order.trialId, agent: 'one' }
}

describe('the coordinator’s log', () => {
  it('names sweep, lease and agent of what is granted and released, once', async () => {
    const grant = await granted()
    await granted()
    await desk().release('one', grant)
    const names = { level: 'info', sweep, lease: grant.leaseId, agent: 'one' }
    expect(lines).toEqual([
      ['lease granted', { ...names, block: grant.block }],
      ['lease released', names],
    ])
  })

  it('names the trial too of every result, and says why one came to nothing', async () => {
    const measured = await end((order) => ({
      kind: 'measured',
      measurement: measurementOf(order),
    }))
    const reason = 'out of memory'
    const never = await end(() => ({ kind: 'infeasible', reason, deviceSeconds: 1 }))
    const code = 'ENGINE_FAILED'
    const failed = await end(() => ({ kind: 'failed', code, reason: 'gone', deviceSeconds: 1 }))
    expect(lines.filter(([text]) => text.startsWith('trial'))).toMatchObject([
      ['trial succeeded', { level: 'info', ...measured }],
      ['trial infeasible', { level: 'info', ...never, reason }],
      ['trial failed', { level: 'warn', ...failed, code, reason: 'gone', attempt: 1 }],
    ])
  })
})
