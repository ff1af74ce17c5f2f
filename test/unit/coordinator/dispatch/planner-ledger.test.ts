import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PlannerLedger } from '../../../../coordinator/dispatch/planner-ledger.js'
import type { Store } from '../../../../coordinator/dispatch/store-port.js'
import type { Planner } from '../../../../coordinator/plan/planner.js'
import type { Observation } from '../../../../coordinator/plan/strategy.js'
import { openMemoryStore } from '../../../../coordinator/store/open-store.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { silentLog, sweepText } from '../../../fixtures/dispatch-bench.js'
import { openFakePlanner } from '../../../fixtures/fake-planner.js'

let store: Store
let sweepId: string

beforeEach(() => {
  store = openMemoryStore({ clock: new FakeClock(), log: silentLog })
  sweepId = store.insertSweep({ name: 'small', text: sweepText(), createdAt: 1 })?.sweepId ?? ''
})
afterEach(() => {
  store.close()
})

const asker = { agent: 'one', hardware: 'cpu', deviceCount: 1, engines: ['simulated'] }
const keepAll = () => undefined

interface Opened {
  readonly ledger: PlannerLedger
  readonly calls: string[]
  readonly broken: unknown[]
  /** Called when the planner has learnt. */
  readonly learnt: (() => void)[]
}

function opened(text = sweepText(), wrap = (planner: Planner) => planner): Opened {
  const calls: string[] = []
  const broken: unknown[] = []
  const learnt: (() => void)[] = []
  const ledger = new PlannerLedger({
    store,
    sweepId,
    log: silentLog,
    open: async () => wrap(await openFakePlanner({ calls })(parseSweep(text), ['cpu'])),
    broken: (error) => broken.push(error),
    learnt: () => {
      for (const heard of learnt) heard()
    },
  })
  return { ledger, calls, broken, learnt }
}

const observed = (index: number): Observation => ({
  index,
  outcome: 'measured',
  values: { ttft: { value: 0.1, relativeSd: 0.01 } },
  cost: 2,
  purpose: 'explore',
  agent: 'one',
  at: 5,
})
const tell = (ledger: PlannerLedger, index: number) => {
  store.atomically(() => ledger.note({ kind: 'tell', observation: observed(index) }))()
}

describe('PlannerLedger', () => {
  it('replays the very calls that were made, in their order', async () => {
    let think = Promise.resolve()
    const first = opened(sweepText(), (planner) => ({
      ...planner,
      async ask(...question) {
        const answer = await planner.ask(...question)
        await think
        return answer
      },
    }))
    const asked: number[] = []
    await first.ledger.ask(asker, 3, (suggestions) => {
      asked.push(...suggestions.map(({ index }) => index))
    })
    let thought: () => void = keepAll
    think = new Promise((resolve) => {
      thought = resolve
    })
    const asking = first.ledger.ask(asker, 1, keepAll)
    await Promise.resolve()
    // While the planner thinks, a result comes in: it is logged first, but was told second.
    tell(first.ledger, asked[0] as number)
    thought()
    await asking
    store.atomically(() => first.ledger.note({ kind: 'remove', index: asked[1] as number }))()
    const facts = { kind: 'simulated', version: '1', effectiveArgs: {} }
    store.atomically(() => first.ledger.note({ kind: 'engine', blockKey: 'b', facts }))()
    await first.ledger.close()

    const second = opened()
    await second.ledger.planner()
    expect(second.calls).toEqual(first.calls)
    expect(second.calls.map((call) => call.split(' ')[0])).toEqual([
      'ask',
      'ask',
      'tell',
      'remove',
      'engine',
    ])
  })

  it('takes up results that come in while it replays', async () => {
    const first = opened()
    await first.ledger.ask(asker, 2, keepAll)
    await first.ledger.close()
    const second = opened()
    const opening = second.ledger.planner()
    tell(second.ledger, 4)
    await opening
    tell(second.ledger, 5)
    expect(second.calls.filter((call) => call.startsWith('tell'))).toEqual([
      'tell [4,"measured"]',
      'tell [5,"measured"]',
    ])
  })

  it('replays when it was read, as a surface learns then, but not what changes nothing', async () => {
    const first = opened()
    const { planner } = await first.ledger.borrow()
    tell(first.ledger, 4)
    await first.ledger.status()
    await first.ledger.status()
    await planner.surface(0, 2)
    await planner.surface(2, 2)
    tell(first.ledger, 5)
    await first.ledger.status()
    const kinds = () =>
      store.plannerCalls(sweepId, 0, 99).map(({ call }) => ('what' in call ? call.what : call.kind))
    expect(kinds()).toEqual(['tell', 'status', 'surface', 'tell', 'status'])
    const second = opened()
    await second.ledger.status()
    expect(kinds()).toHaveLength(5)
  })

  it('keeps a suggestion and its log entry together, or neither', async () => {
    const { ledger, calls } = opened()
    await expect(
      ledger.ask(asker, 2, () => {
        throw new Error('disk full')
      }),
    ).rejects.toThrow('disk full')
    expect(store.plannerCalls(sweepId, 0, 9)).toEqual([])
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['ask', 'remove', 'remove'])
  })

  it('holds to what was asked before when the strategy now chooses otherwise', async () => {
    const first = opened()
    const asked: number[] = []
    await first.ledger.ask(asker, 2, (suggestions) => {
      asked.push(...suggestions.map(({ index }) => index))
    })
    const second = opened(sweepText('small', 'strategy: {seed: 99}'))
    await second.ledger.planner()
    const pending = second.calls.filter((call) => call.startsWith('pending'))
    expect(pending.map((call) => JSON.parse(call.slice(8)) as unknown)).toEqual(
      asked.map((index) => [index, 'explore']),
    )
    expect(second.calls.filter((call) => call.startsWith('remove'))).toHaveLength(2)
  })

  it('closes only what nobody has borrowed, and opens it again from the log', async () => {
    const { ledger, calls } = opened()
    await ledger.ask(asker, 1, keepAll)
    const { giveBack } = await ledger.borrow()
    await ledger.closeIdle()
    tell(ledger, 3)
    expect(calls).toHaveLength(2)
    giveBack()
    await ledger.closeIdle()
    tell(ledger, 4)
    expect(calls).toHaveLength(2)
    await ledger.planner()
    expect(calls).toHaveLength(5)
  })

  it('logs when what was learnt took effect, between the calls that were made meanwhile', async () => {
    const steps = ['under way', 'ready', 'idle'] as const
    let step = 0
    const learns = (planner: Planner): Planner => ({
      ...planner,
      learnOn: () => Promise.resolve(steps[Math.min(step++, 2)] ?? 'idle'),
    })
    const first = opened(sweepText(), learns)
    const learnt = new Promise<void>((resolve) => {
      first.learnt.push(resolve)
    })
    await first.ledger.planner()
    step = 0
    tell(first.ledger, 1)
    tell(first.ledger, 2)
    await learnt
    tell(first.ledger, 3)
    await first.ledger.close()
    expect(store.plannerCalls(sweepId, 0, 9).map(({ call }) => call.kind)).toEqual([
      'tell',
      'tell',
      'adopt',
      'tell',
    ])
    const second = opened()
    await second.ledger.planner()
    expect(second.calls).toEqual(first.calls)
  })

  it('says that the planner broke, and can be opened again', async () => {
    let healthy = false
    const { ledger, broken } = opened(sweepText(), (planner) => {
      if (healthy) return planner
      return { ...planner, tell: () => Promise.reject(new Error('worker gone')) }
    })
    await ledger.planner()
    tell(ledger, 1)
    await Promise.resolve()
    expect(broken).toEqual([new Error('worker gone')])
    await ledger.close()
    healthy = true
    expect((await (await ledger.planner()).status()).measured).toBe(1)
  })
})
