/**
 * How long suggestions take while agents measure without a pause: a planner in its thread, driven as
 * the coordinator drives it (its learning in steps between calls, its view read after results),
 * on an invented engine with two metrics.
 *
 *   node test/bench/planner/run.mjs [--observations 500,2000] [--candidates 5000,50000] [--asks 300]
 *
 * Needs `npm run build`. Each row is one process run of its own planner; memory is that of the whole
 * process, read when everything is over.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openWorkerPlanner } from '../../../dist/coordinator/plan/worker-planner.js'
import { spanSpace } from '../../../dist/shared/domain/space.js'
import { createRandom } from '../../../dist/shared/stats/random.js'
import { inventedObservation, inventedSweep } from './world.mjs'

const { values } = parseArgs({
  options: {
    observations: { type: 'string', default: '500,2000' },
    candidates: { type: 'string', default: '5000,50000' },
    asks: { type: 'string', default: '300' },
    agents: { type: 'string', default: '4' },
  },
})
const numbers = (text) => text.split(',').map(Number)
const at = (list, share) =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(share * list.length))]
const ms = (list, share) => at(list, share)?.toFixed(share === 0.5 ? 1 : 0) ?? '-'

/** What the coordinator’s ledger does after every call that tells something. */
function learner(planner, figures) {
  let isLearning = false
  const learn = async () => {
    let begun
    for (;;) {
      const asked = performance.now()
      const learning = await planner.learnOn()
      if (learning === 'under way') {
        begun ??= asked
        figures.step.push(performance.now() - asked)
      }
      if (learning === 'ready') {
        figures.refit.push(performance.now() - begun)
        begun = undefined
        await planner.adopt()
      } else if (learning === 'idle') return
    }
  }
  let learning = Promise.resolve()
  return () => {
    if (!isLearning) {
      isLearning = true
      learning = learn().then(() => {
        isLearning = false
      })
    }
    return learning
  }
}

async function campaign(observations, candidates) {
  const sweep = inventedSweep(candidates)
  const space = spanSpace(sweep, ['H100'])
  const random = createRandom(7)
  const planner = await openWorkerPlanner(sweep, ['H100'])
  const figures = { ask: [], status: [], step: [], refit: [] }
  const learn = learner(planner, figures)
  const timed = async (name, work) => {
    const start = performance.now()
    const result = await work()
    figures[name].push(performance.now() - start)
    return result
  }
  for (let i = 0; i < observations; i += 1) {
    const purpose = i % 20 === 0 ? 'audit' : 'explore'
    await planner.tell(inventedObservation(space, random.below(space.size), purpose, random))
  }
  await planner.status()
  await learn()
  let isLooking = false
  let isLookDue = false
  let looking = Promise.resolve()
  const look = async () => {
    isLookDue = true
    if (isLooking) return
    isLooking = true
    while (isLookDue) {
      isLookDue = false
      await timed('status', () => planner.status())
    }
    isLooking = false
  }
  let left = Number(values.asks)
  const agent = async (name) => {
    const asker = { agent: name, hardware: 'H100', deviceCount: 8, engines: ['vllm'] }
    while (left > 0) {
      left -= 1
      const [suggestion] = await timed('ask', () => planner.ask(asker, 1))
      if (suggestion === undefined) return
      await sleep(20 + random.below(60))
      const { index, purpose } = suggestion
      void planner.tell(inventedObservation(space, index, purpose, random))
      void learn()
      looking = Promise.all([looking, look()])
    }
  }
  const agents = Number(values.agents)
  await Promise.all(Array.from({ length: agents }, (_, each) => agent(`agent ${each}`)))
  await Promise.all([looking, learn()])
  const memory = process.memoryUsage().rss / 1024 ** 2
  await planner.close()
  const row = [
    observations,
    space.size,
    ms(figures.ask, 0.5),
    ms(figures.ask, 0.99),
    ms(figures.ask, 1),
    ms(figures.status, 0.5),
    ms(figures.step, 0.99),
    ms(figures.step, 1),
    figures.refit.map((time) => (time / 1000).toFixed(1)).join(' '),
    memory.toFixed(0),
  ]
  console.log(`| ${row.join(' | ')} |`)
}

console.log(
  '| observations | configurations | ask: median ms | p99 ms | longest ms | status: median ms | step of learning: p99 ms | longest ms | learning took s | MiB |',
)
console.log(`|${' --- |'.repeat(10)}`)
for (const observations of numbers(values.observations)) {
  for (const candidates of numbers(values.candidates)) await campaign(observations, candidates)
}
