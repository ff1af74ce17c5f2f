import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openAsidePlanner } from '../../coordinator/plan/local-planner.js'
import type { AskerFacts, Planner } from '../../coordinator/plan/planner.js'
import { workerPlanners } from '../../coordinator/plan/worker-planner.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { parseSweep } from '../../shared/domain/sweep-file.js'

const compiled = resolve('dist/coordinator/plan/planner-worker.js')
const openPlanner = workerPlanners(pathToFileURL(compiled))

const sweepOf = (strategy: string) =>
  parseSweep(`
name: plan
model: m
engines: [{kind: simulated}]
space: {batch_size: [1, 2, 3, 4], input_tokens: [64, 128], output_tokens: 16}
metrics: [ttft]
strategy: ${strategy}
`)

const agent: AskerFacts = { agent: 'a', hardware: 'cpu', deviceCount: 1, engines: ['simulated'] }

let planner: Planner | undefined
afterEach(async () => {
  await planner?.close()
  planner = undefined
})

async function play(player: Planner) {
  const answers: unknown[] = []
  for (let round = 0; round < 3; round += 1) {
    const suggestions = await player.ask(agent, 2)
    answers.push(suggestions)
    for (const { index, purpose } of suggestions) {
      await player.tell({
        index,
        outcome: 'measured',
        values: { ttft: { value: 0.01 * (1 + index), relativeSd: 0.01 } },
        cost: 1,
        purpose,
        agent: 'a',
        at: 0,
      })
    }
  }
  answers.push(await player.status(), await player.surface(0, 8))
  return answers
}

describe('a planner in a thread of its own', () => {
  it('is compiled', () => {
    expect(existsSync(compiled)).toBe(true)
  })

  it('answers as the planner in this thread does', async () => {
    const sweep = sweepOf('{kind: adaptive}')
    planner = await openPlanner(sweep, ['cpu'])
    expect(await play(planner)).toEqual(await play(await openAsidePlanner(sweep, ['cpu'])))
  })

  it('serves calls in the order in which they were made', async () => {
    planner = await openPlanner(sweepOf('{kind: full-grid}'), ['cpu'])
    const order: string[] = []
    const note = (name: string) => () => order.push(name)
    await Promise.all([
      planner.surface(0, 8).then(note('surface')),
      planner.ask(agent, 1).then(note('ask')),
      planner.remove(0).then(note('remove')),
      planner.status().then(note('status')),
    ])
    expect(order).toEqual(['surface', 'ask', 'remove', 'status'])
  })

  it('brings errors back with their codes and problems', async () => {
    const opening = openPlanner(sweepOf('{kind: custom, points: [{batch_size: 9}]}'), ['cpu'])
    const error: unknown = await opening.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(FmworkError)
    expect(error).toMatchObject({
      code: 'SWEEP_INVALID',
      problems: [{ field: 'strategy.points.0', value: '{"batch_size":9}' }],
    })
    planner = await openPlanner(sweepOf('{kind: random}'), ['cpu'])
    await expect(planner.tellPending(1e9, 'audit')).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await planner.ask(agent, 1)).toHaveLength(1)
  })

  it('serves what was asked before it was closed, and refuses what comes after', async () => {
    const closing = await openPlanner(sweepOf('{kind: random}'), ['cpu'])
    const asked = closing.ask(agent, 2)
    const closed = closing.close()
    await expect(closing.status()).rejects.toThrow('the planner is closed')
    expect(await asked).toHaveLength(2)
    await closed
    await closing.close()
  })

  it('takes its calls along when its thread dies', async () => {
    const source = `
      import { parentPort } from 'node:worker_threads'
      parentPort.postMessage({ id: 0, value: undefined })
      parentPort.on('message', ({ method }) => { if (method === 'status') throw new Error('dead') })`
    const entry = new URL(`data:text/javascript,${encodeURIComponent(source)}`)
    const doomed = await workerPlanners(entry)(sweepOf('{kind: random}'), ['cpu'])
    const asked = doomed.ask(agent, 1)
    const status = doomed.status()
    await expect(asked).rejects.toMatchObject({ code: 'INTERNAL' })
    await expect(status).rejects.toThrow('the planner’s thread failed: dead')
    await expect(doomed.remove(1)).rejects.toMatchObject({ code: 'INTERNAL' })
    await doomed.close()
  })
})
