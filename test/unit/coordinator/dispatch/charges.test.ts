import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Grant, TrialOrder } from '../../../../shared/domain/lease.js'
import { dispatchBench, sweepText } from '../../../fixtures/dispatch-bench.js'
import type { DispatchBench } from '../../../fixtures/dispatch-bench.js'
import { agentFacts, FakeAgent, isGrant, measurementOf } from '../../../fixtures/fake-agent.js'

/** Seconds that a lease of the bench lives without renewal, and those until that is noticed. */
const leaseSeconds = 10
const noticed = leaseSeconds + 0.5

let bench: DispatchBench
let agent: FakeAgent

beforeEach(async () => {
  bench = dispatchBench()
  agent = new FakeAgent(agentFacts('one'))
  await agent.connect(bench.dispatcher.agentDesk)
  await bench.dispatcher.sweepDesk.submit(sweepText())
})
afterEach(() => bench.close())

const spent = async () => (await bench.dispatcher.sweepDesk.get('small')).status.spent.deviceSeconds

/** The agent gets a trial and starts it. */
async function started(who = agent): Promise<{ lease: Grant; order: TrialOrder }> {
  const lease = await who.ask(bench.dispatcher.agentDesk)
  if (!isGrant(lease)) throw new Error(lease.reason)
  const [order] = lease.trials
  if (order === undefined) throw new Error('a grant without trials')
  await who.start(bench.dispatcher.agentDesk, lease, order.trialId)
  return { lease, order }
}
const cut = ({ lease, order }: Awaited<ReturnType<typeof started>>, deviceSeconds: number) =>
  agent.report(bench.dispatcher.agentDesk, [
    { kind: 'trial-cut', lease, trialId: order.trialId, deviceSeconds },
  ])

describe('device time without a result', () => {
  it('is charged as estimated when the lease is lost, until its agent tells it', async () => {
    const trial = await started()
    await bench.clock.advance(noticed)
    expect(await spent()).toBeCloseTo(leaseSeconds, 3)
    await cut(trial, 4)
    expect(await spent()).toBe(4)
  })

  it('is charged once when a revoke cuts it, whoever speaks first', async () => {
    const trial = await started()
    await bench.clock.advance(3)
    await bench.dispatcher.sweepDesk.cancel('small')
    expect(await spent()).toBeCloseTo(3, 0)
    await cut(trial, 3.5)
    expect(await spent()).toBe(3.5)
  })

  it('is charged when the result comes after the revoke', async () => {
    const { lease, order } = await started()
    await bench.clock.advance(3)
    await bench.dispatcher.sweepDesk.cancel('small')
    const measurement = measurementOf(order)
    const outcome = { kind: 'measured', measurement } as const
    await agent.end(bench.dispatcher.agentDesk, lease, order.trialId, outcome)
    expect(await spent()).toBe(measurement.deviceSeconds)
  })

  it('is charged once when the agent told its cut, died, and starts the trial again', async () => {
    const trial = await started()
    await bench.clock.advance(2)
    await cut(trial, 2)
    await bench.clock.advance(3)
    await agent.start(bench.dispatcher.agentDesk, trial.lease, trial.order.trialId)
    expect(await spent()).toBe(2)
  })

  it('is charged once when an engine start is told after the lease was lost', async () => {
    const { lease } = await started()
    await bench.clock.advance(noticed)
    const before = await spent()
    const facts = { kind: 'simulated', version: '1', effectiveArgs: {} }
    await agent.report(bench.dispatcher.agentDesk, [
      { kind: 'engine-started', lease, facts, startUpSeconds: 4 },
    ])
    expect(await spent()).toBeCloseTo(before, 9)
  })

  it('is charged once when a stale lease brings a result after another agent took the trial', async () => {
    const { lease, order } = await started()
    await bench.clock.advance(noticed)
    const other = new FakeAgent(agentFacts('two'))
    await other.connect(bench.dispatcher.agentDesk)
    const again = await started(other)
    expect(again.order.trialId).toBe(order.trialId)
    const measurement = measurementOf(order)
    const outcome = { kind: 'measured', measurement } as const
    const receipt = await agent.end(bench.dispatcher.agentDesk, lease, order.trialId, outcome)
    expect(receipt.refusedTrials).toEqual([order.trialId])
    await other.end(bench.dispatcher.agentDesk, again.lease, order.trialId, outcome)
    expect(await spent()).toBe(2 * measurement.deviceSeconds)
    expect(bench.store.findTrial(order.trialId)).toMatchObject({ state: 'SUCCEEDED', agent: 'two' })
  })
})

describe.each([
  ['forward', 3600],
  ['back', -3600],
])('a wall clock that jumps %s an hour', (_, seconds) => {
  it('ends no lease, and charges no hour', async () => {
    const { lease } = await started()
    await bench.clock.advance(leaseSeconds / 2)
    bench.clock.jump(seconds)
    await bench.clock.advance(1)
    expect(await agentHolds()).toEqual([lease.leaseId])
    await bench.clock.advance(leaseSeconds / 2)
    expect(await agentHolds()).toEqual([])
    expect(await spent()).toBeCloseTo(leaseSeconds, 3)
  })

  it('charges what a trial cost that is started again, and no hour', async () => {
    const { lease, order } = await started()
    await bench.clock.advance(2)
    bench.clock.jump(seconds)
    await bench.clock.advance(1)
    await agent.start(bench.dispatcher.agentDesk, lease, order.trialId)
    expect(await spent()).toBeCloseTo(3, 0)
  })

  it('lets a retry rest as long as it was told to', async () => {
    const { lease, order } = await started()
    const failed = { kind: 'failed', code: 'ENGINE_FAILED', reason: 'x', deviceSeconds: 1 } as const
    await agent.end(bench.dispatcher.agentDesk, lease, order.trialId, failed)
    const trials = () => bench.store.trialsOf(lease.sweepId, undefined, 100)
    const rest = () => {
      const retry = trials().find(({ retryOf }) => retryOf === order.trialId)
      return (retry?.notBefore ?? 0) - bench.clock.wall()
    }
    expect(rest()).toBe(1000)
    bench.clock.jump(seconds)
    await bench.clock.advance(0.5)
    expect(rest()).toBe(500)
  })

  it('takes reports in their order all the same', async () => {
    const { lease, order } = await started()
    bench.clock.jump(seconds)
    const outcome = { kind: 'measured', measurement: measurementOf(order) } as const
    await agent.end(bench.dispatcher.agentDesk, lease, order.trialId, outcome)
    expect(bench.store.findTrial(order.trialId)?.state).toBe('SUCCEEDED')
    expect(await spent()).toBe(2)
  })

  const agentHolds = () =>
    Promise.resolve(bench.store.heldLeasesOf('one').map(({ leaseId }) => leaseId))
})
