import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../../shared/domain/error-table.js'
import type { PastRow } from '../../../../shared/domain/past.js'
import { dispatchBench, sweepText } from '../../../fixtures/dispatch-bench.js'
import type { DispatchBench } from '../../../fixtures/dispatch-bench.js'
import { agentFacts, FakeAgent } from '../../../fixtures/fake-agent.js'

let bench: DispatchBench
let agent: FakeAgent
/** What every sweep that a planner was opened for starts from, in the order of the openings. */
let openings: (readonly PastRow[])[]

const desk = () => bench.dispatcher.sweepDesk
const coded = (code: ErrorCode): Error => expect.objectContaining({ code }) as Error
const asking = (past: string) => `knowledge: {past: ${past}}`

async function work(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await agent.work(bench.dispatcher.agentDesk)
    await bench.clock.advance(1)
  }
}

/** What a sweep starts from that is submitted now. */
async function startsFrom(name: string, extra: string, given?: PastRow[]) {
  const before = openings.length
  await desk().submit(sweepText(name, extra), given)
  return openings[before] ?? []
}

const given: PastRow = {
  origin: 'a grid',
  configuration: {
    ...{ model: '', engine: 'recorded', engineArgs: {}, hardware: 'H100', tensorParallel: 1 },
    ...{ load: 1, inputTokens: 16, outputTokens: 8 },
  },
  values: { ttft: { value: 0.2, relativeSd: 0.01 } },
  cost: 3,
}

beforeEach(async () => {
  openings = []
  bench = dispatchBench({ goalAfter: 3, openings, disk: true })
  agent = new FakeAgent(agentFacts('one'))
  await agent.connect(bench.dispatcher.agentDesk)
  await desk().submit(sweepText('first'))
  await work(20)
  expect((await desk().get('first')).status.sweep.state).toBe('COMPLETED')
})
afterEach(() => bench.close())

describe('what a new sweep starts from', () => {
  it('is nothing unless it is asked for', async () => {
    expect(await startsFrom('second', '')).toEqual([])
    expect(await startsFrom('third', asking('none'))).toEqual([])
  })

  it('is what an ended sweep of the same workload measured', async () => {
    const { measured } = (await desk().get('first')).status
    const past = await startsFrom('second', asking('auto'))
    expect(past.length).toBe(measured)
    for (const { origin, configuration, values, cost } of past) {
      expect(origin).toBe('first')
      expect(configuration).toMatchObject({ model: 'test-model', hardware: 'cpu' })
      expect(Object.keys(values).sort()).toEqual(['itl', 'ttft'])
      expect(cost).toBeGreaterThan(0)
    }
    expect(await startsFrom('third', asking('[first]'))).toEqual(past)
  })

  it('is nothing of a sweep that still runs, had another workload, or has nothing in common', async () => {
    await desk().submit(sweepText('running'))
    const loop = (name: string, extra: string) =>
      sweepText(name, `${extra}\nworkload: {kind: closed-loop}`).replace(
        'batch_size',
        'concurrency',
      )
    const before = openings.length
    await desk().submit(loop('other', asking('auto')))
    expect(openings[before]).toEqual([])
    const origins = (await startsFrom('fourth', asking('auto'))).map(({ origin }) => origin)
    expect(new Set(origins)).toEqual(new Set(['first']))
    await expect(desk().submit(loop('fifth', asking('[first]')))).rejects.toThrow(
      coded('SWEEP_INVALID'),
    )
    for (const named of ['nobody', 'running']) {
      await expect(desk().submit(sweepText('sixth', asking(`[${named}]`)))).rejects.toThrow(
        coded('SWEEP_INVALID'),
      )
    }
  })

  it('is also what it was given, as far as that tells of its metrics', async () => {
    const strange: PastRow = { ...given, values: { power: { value: 300, relativeSd: 0.01 } } }
    expect(await startsFrom('second', '', [given, strange])).toEqual([given])
    const both = await startsFrom('third', asking('auto'), [given])
    expect(new Set(both.map(({ origin }) => origin))).toEqual(new Set(['first', 'a grid']))
  })

  it('is refused where it cannot have been measured', async () => {
    const { configuration, values } = given
    const wrong: PastRow[] = [
      { ...given, configuration: { ...configuration, tensorParallel: 0 } },
      { ...given, configuration: { ...configuration, load: Infinity } },
      { ...given, values: { ttft: { value: -1, relativeSd: 0 } } },
      { ...given, values: { ...values, itl: { value: 1, relativeSd: NaN } } },
      { ...given, cost: NaN },
    ]
    for (const row of wrong) {
      await expect(desk().submit(sweepText('second'), [row])).rejects.toThrow(
        coded('SWEEP_INVALID'),
      )
    }
    expect((await desk().list()).map(({ name }) => name)).toEqual(['first'])
  })

  it('stays as it was when the coordinator starts again, whatever else has ended by then', async () => {
    const past = await startsFrom('second', asking('auto'), [given])
    await desk().cancel('first')
    await bench.restart()
    await desk().export('second', new AbortController().signal)[Symbol.asyncIterator]().next()
    await bench.clock.advance(1)
    expect(openings.length).toBeGreaterThan(2)
    expect(openings.at(-1)).toEqual(past)
  })
})
