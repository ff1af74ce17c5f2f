import { describe, expect, it } from 'vitest'
import { configurationKey } from '../../../../shared/domain/configuration.js'
import { sweepText } from '../../../fixtures/dispatch-bench.js'
import { agentFacts, FakeAgent, isGrant, measurementOf } from '../../../fixtures/fake-agent.js'
import { oneAgentBench } from './one-agent-bench.js'

const here = oneAgentBench({ goalAfter: 3 })

describe('the end of a sweep', () => {
  it('lets what is in flight end before it completes, and drops the rest', async () => {
    await here.desk().submit(sweepText())
    const other = new FakeAgent(agentFacts('two'))
    await other.connect(here.bench.dispatcher.agentDesk)
    const pending = await other.ask(here.bench.dispatcher.agentDesk, 2)
    await here.work(6)
    expect((await here.desk().get('small')).status).toMatchObject({
      sweep: { state: 'RUNNING' },
      goalReached: true,
      measured: 3,
      pending: 2,
    })
    if (!isGrant(pending)) throw new Error('no grant')
    for (const order of pending.trials) {
      await other.end(here.bench.dispatcher.agentDesk, pending, order.trialId, {
        kind: 'measured',
        measurement: measurementOf(order),
      })
    }
    await here.bench.clock.advance(0)
    expect((await here.desk().get('small')).status).toMatchObject({
      sweep: { state: 'COMPLETED' },
      measured: 5,
      pending: 0,
    })
  })

  it('does not wait for an agent that is gone', async () => {
    await here.desk().submit(sweepText())
    const other = new FakeAgent(agentFacts('two'))
    await other.connect(here.bench.dispatcher.agentDesk)
    await other.ask(here.bench.dispatcher.agentDesk, 2)
    await here.work(6)
    await here.bench.clock.advance(11)
    expect((await here.desk().get('small')).status).toMatchObject({
      sweep: { state: 'COMPLETED' },
      measured: 3,
      pending: 0,
    })
  })

  it.each([
    ['budget: {trials: 2}', 2, 'the budget of 2 trials is spent'],
    ['budget: {device_hours: 0.001}', 2, 'the budget of 0.001 device-hours is spent'],
    ['budget: {cost_usd: 0.001}\nprices: {cpu: 3.6}', 1, 'the budget of 0.001 USD is spent'],
    ['budget: {wall_time: 2s}', 2, 'the budget of 2 s of wall time is spent'],
  ])('stops at %s', async (budget, trials, reason) => {
    await here.desk().submit(sweepText('small', budget))
    expect(await here.work(8)).toBe(trials)
    expect((await here.desk().get('small')).status).toMatchObject({
      sweep: { state: 'COMPLETED', reason },
      goalReached: false,
      measured: trials,
    })
  })

  it('comes when the strategy is at its end, with what could not be measured left out', async () => {
    await here.reopen({})
    await here.desk().submit(sweepText())
    let failures = 0
    for (let turn = 0; turn < 60 && (await here.stateOf()) === 'RUNNING'; turn += 1) {
      await here.agent.work(here.bench.dispatcher.agentDesk, (order) => {
        const { load, inputTokens, outputTokens } = order.configuration
        if (load !== 4 || inputTokens !== 32 || outputTokens !== 16) {
          return { kind: 'measured', measurement: measurementOf(order) }
        }
        failures += 1
        return { kind: 'failed', code: 'REQUEST_FAILED', reason: 'reset', deviceSeconds: 1 }
      })
      await here.bench.clock.advance(5)
    }
    expect(failures).toBe(3)
    expect((await here.desk().get('small')).status).toMatchObject({
      sweep: {
        state: 'COMPLETED',
        reason:
          'the strategy has nothing more to measure: 1 of 12 configurations stay unmeasured, 3 trials failed',
      },
      goalReached: false,
      measured: 11,
      failed: 3,
    })
  })

  it('is the goal where the last result reached it and the planner has yet to say so', async () => {
    await here.bench.close()
    let say: () => void = () => undefined
    const said = new Promise<void>((resolve) => {
      say = resolve
    })
    let isLast = false
    await here.reopen({ goalAfter: 12, thinking: () => (isLast ? said : Promise.resolve()) })
    await here.desk().submit(sweepText())
    expect(await here.work(11)).toBe(11)
    isLast = true
    await here.agent.work(here.bench.dispatcher.agentDesk)
    // Nothing is suggested any more, and the planner still thinks.
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await here.agent.work(here.bench.dispatcher.agentDesk)).toBe(0)
      await here.bench.clock.advance(1)
    }
    expect(await here.stateOf()).toBe('RUNNING')
    say()
    await here.work(3)
    expect((await here.desk().get('small')).status).toMatchObject({
      sweep: { state: 'COMPLETED', reason: '12 configurations are known' },
      goalReached: true,
    })
  })

  it('is not that what was given up is suggested once more', async () => {
    await here.reopen({})
    await here.desk().submit(sweepText())
    const seen = new Set<string>()
    for (let turn = 0; turn < 60 && (await here.stateOf()) === 'RUNNING'; turn += 1) {
      await here.agent.work(here.bench.dispatcher.agentDesk, (order) => {
        const key = configurationKey(order.configuration)
        seen.add(key)
        return key === [...seen][1]
          ? { kind: 'failed', code: 'REQUEST_FAILED', reason: 'reset', deviceSeconds: 1 }
          : { kind: 'measured', measurement: measurementOf(order) }
      })
      await here.bench.clock.advance(120)
    }
    expect((await here.desk().get('small')).status).toMatchObject({
      sweep: { state: 'COMPLETED' },
      measured: 11,
      failed: 3,
    })
  })
})
