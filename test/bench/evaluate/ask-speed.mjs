/**
 * How long the adaptive planner takes with many observations in a large space: every ask, tell and
 * status is timed, in one thread, on an invented engine of about 50,000 configurations.
 *
 *   node test/bench/evaluate/ask-speed.mjs [--observations 2000] [--asks 400]
 *
 * Needs `npm run build`.
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { openLocalPlanner } from '../../../dist/coordinator/plan/local-planner.js'
import { parseSweep } from '../../../dist/shared/domain/sweep-file.js'
import { spanSpace } from '../../../dist/shared/domain/space.js'
import { createRandom } from '../../../dist/shared/stats/random.js'

const { values } = parseArgs({
  options: {
    observations: { type: 'string', default: '2000' },
    asks: { type: 'string', default: '400' },
  },
})
const steps = (count, of) => [...new Set(Array.from({ length: count }, (_, i) => of(i)))]
const sweep = parseSweep(
  JSON.stringify({
    name: 'speed',
    model: 'm',
    engines: [{ kind: 'vllm' }],
    space: {
      batch_size: steps(48, (i) => Math.round(2 ** (i / 6)) + i),
      input_tokens: steps(19, (i) => Math.round(128 * 2 ** (i / 3))),
      output_tokens: steps(18, (i) => Math.round(32 * 2 ** (i / 3))),
      tensor_parallel: [1, 2, 4],
    },
    metrics: ['ttft', 'itl'],
    strategy: { kind: 'adaptive' },
  }),
)
const space = spanSpace(sweep, ['H100'])
const random = createRandom(7)
const planner = await openLocalPlanner(sweep, ['H100'])
const asker = { agent: 'a', hardware: 'H100', deviceCount: 8, engines: ['vllm'] }

function observation(index, purpose) {
  const { load, inputTokens, outputTokens, tensorParallel } = space.at(index)
  const rough = () => Math.exp(0.01 * random.normal()) * (1 + 0.03 * Math.sin(load / 7))
  const itl = (0.005 + (2e-4 * load + 1e-8 * load * inputTokens) / tensorParallel) * rough()
  const ttft = (0.01 + (2e-5 * load * inputTokens) / tensorParallel) * rough()
  return {
    index,
    outcome: 'measured',
    values: {
      ttft: { value: ttft, relativeSd: 0.01 },
      itl: { value: itl, relativeSd: 0.005 },
    },
    cost: tensorParallel * (3 + ttft + itl * outputTokens),
    purpose,
    agent: 'a',
    at: 0,
  }
}
const times = { ask: [], tell: [], status: [] }
async function timed(name, work) {
  const start = performance.now()
  const result = await work()
  times[name].push(performance.now() - start)
  return result
}
for (let i = 0; i < Number(values.observations); i += 1) {
  await planner.tell(observation(random.below(space.size), i % 20 === 0 ? 'audit' : 'explore'))
}
const first = performance.now()
await planner.ask(asker, 0)
console.log(`${space.size} configurations; first fit ${(performance.now() - first).toFixed(0)} ms`)
for (let i = 0; i < Number(values.asks); i += 1) {
  const [suggestion] = await timed('ask', () => planner.ask(asker, 1))
  await timed('tell', () => planner.tell(observation(suggestion.index, suggestion.purpose)))
  if (i % 20 === 0) await timed('status', () => planner.status())
}
const at = (list, share) =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(share * list.length))]
for (const [name, list] of Object.entries(times)) {
  const [median, p99, most] = [0.5, 0.99, 1].map((share) => at(list, share).toFixed(1))
  console.log(`${name}: median ${median} ms, p99 ${p99} ms, longest ${most} ms, of ${list.length}`)
}
const longest = times.ask
  .slice(1)
  .sort((a, b) => b - a)
  .slice(0, 5)
console.log(
  `longest asks after the first, which builds all: ${longest.map((time) => time.toFixed(0)).join(', ')} ms`,
)
console.log(`memory: ${(process.memoryUsage().rss / 1024 ** 2).toFixed(0)} MiB`)
