import { expect, it } from 'vitest'
import { openLocalPlanner } from '../../../../coordinator/plan/local-planner.js'
import { quietPlanners } from '../../../../coordinator/plan/quiet-planner.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'

const sweep = parseSweep(`
name: plan
model: m
engines: [{kind: simulated}]
space: {batch_size: [1, 2, 4], input_tokens: [64, 128], output_tokens: [16]}
metrics: [ttft]
strategy: {kind: full-grid}
`)

it('makes no plan before it is its turn, and closes without one', async () => {
  const waiting: (() => void)[] = []
  const open = quietPlanners(openLocalPlanner, {
    during: (work) =>
      new Promise((resolve, reject) => {
        waiting.push(() => void work().then(resolve, reject))
      }),
    flush: () => waiting.splice(0).forEach((start) => start()),
  })
  const turn = async <T>(work: Promise<T>) => {
    expect(waiting).toHaveLength(1)
    waiting.pop()?.()
    return work
  }
  const planner = await turn(open(sweep, ['cpu']))
  const asker = { agent: 'a', hardware: 'cpu', deviceCount: 1, engines: ['simulated'] }
  const suggestions = await turn(planner.ask(asker, 2))
  expect(suggestions).toHaveLength(2)
  expect((await turn(planner.status())).measured).toBe(0)
  expect(await turn(planner.surface(0, 1))).toHaveLength(1)
  const late = planner.ask(asker, 1)
  await planner.close()
  expect(await late).toHaveLength(1)
})
