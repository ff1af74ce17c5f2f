/**
 * Plays campaigns on one recorded grid and prints one JSON object per seed: its scores at every
 * share, what it stopped at, and how long it was asked for each suggestion.
 *
 *   node test/bench/evaluate/play.mjs --grid FILE.csv --strategy NAME[+lines] --seeds 1-8
 *        --share 0.05,0.2 [--agents 1] [--audits 0.2] [--goal 0.95]
 *
 * `NAME+lines` measures as the strategy says and estimates by straight lines. Needs `npm run build`.
 */
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { evaluate } from '../../../dist/coordinator/analysis/evaluate/evaluate.js'
import { readGrid } from '../../../dist/coordinator/analysis/evaluate/grid.js'
import { createInterpolation } from '../../../dist/coordinator/analysis/evaluate/interpolation-surface.js'
import { createSurface } from '../../../dist/coordinator/model/create-surface.js'
import { strategies } from '../../../dist/coordinator/plan/strategies.js'

const { values } = parseArgs({
  options: {
    grid: { type: 'string' },
    strategy: { type: 'string', default: 'adaptive' },
    seeds: { type: 'string', default: '1' },
    share: { type: 'string', default: '0.05,0.2' },
    agents: { type: 'string', default: '1' },
    audits: { type: 'string', default: '0.2' },
    goal: { type: 'string' },
  },
})
const grid = readGrid(
  readFileSync(values.grid, 'utf8'),
  readFileSync(values.grid.replace(/\.csv$/, '.json'), 'utf8'),
)
const [first, last = first] = values.seeds.split('-').map(Number)
const [name, estimator] = values.strategy.split('+')
const asks = []

/** The strategy, timed. */
const timed = (context) => {
  const strategy = strategies[name](context)
  return new Proxy(strategy, {
    get(target, method) {
      const member = Reflect.get(target, method, target)
      if (typeof member !== 'function') return member
      if (method !== 'ask') return member.bind(target)
      return (...args) => {
        const start = performance.now()
        const suggestions = target.ask(...args)
        asks.push(performance.now() - start)
        return suggestions
      }
    },
  })
}
const contestant = {
  name: values.strategy,
  strategy: timed,
  surface: estimator === 'lines' ? createInterpolation : createSurface,
}
const at = (ranked, share) =>
  ranked.length === 0 ? 0 : ranked[Math.min(ranked.length - 1, Math.floor(share * ranked.length))]

for (let seed = first; seed <= last; seed += 1) {
  asks.length = 0
  const start = performance.now()
  const shares = []
  let stops
  const options = {
    grids: [grid],
    shares: values.share.split(',').map(Number),
    seeds: [seed],
    agents: Number(values.agents),
    auditShare: Number(values.audits),
    ...(values.goal === undefined ? {} : { goal: Number(values.goal) }),
  }
  for await (const row of evaluate(options, [contestant])) {
    if (row.kind === 'score') {
      const scores = Object.entries(row.scores).map(([score, { median }]) => [score, median])
      shares.push({ share: row.share, ...Object.fromEntries(scores) })
    }
    if (row.kind === 'stops') {
      stops = { goal: row.goal, stops: row.stops, true: row.stopsTrue, share: row.share }
    }
  }
  const ranked = [...asks].sort((a, b) => a - b)
  const line = {
    grid: grid.name,
    strategy: values.strategy,
    seed,
    agents: options.agents,
    rows: grid.configurations.length,
    seconds: (performance.now() - start) / 1000,
    ask: {
      count: ranked.length,
      median: at(ranked, 0.5),
      p99: at(ranked, 0.99),
      most: at(ranked, 1),
    },
    shares,
    ...(stops === undefined ? {} : { stops }),
  }
  console.log(JSON.stringify(line))
}
