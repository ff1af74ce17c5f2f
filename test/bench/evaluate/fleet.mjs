/**
 * Plays campaigns of several agents that differ, one of which throttles on the way, on a recorded
 * grid: what the surface is worth where the levels of agents are modelled, and where they are not.
 *
 *   node test/bench/evaluate/fleet.mjs --grid FILE.csv [--seeds 1-8] [--agents 4] [--nodes 0.03]
 *        [--throttle 0.1] [--from 0.1] [--share 0.1,0.2] [--hours 8] [--anchors 0.05]
 *        [--variants 'blind,levels,levels and anchors']
 *
 * Agents differ by a normal of `--nodes` (their mean is the grid); the last is slower by `--throttle`
 * once the share `--from` of the full grid’s cost is spent. The largest share takes `--hours` of wall
 * time. Prints one JSON line per seed and variant. Needs `npm run build`.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readGrid } from '../../../dist/coordinator/analysis/evaluate/grid.js'
import { replay } from '../../../dist/coordinator/analysis/evaluate/replay.js'
import { scoreSurface } from '../../../dist/coordinator/analysis/evaluate/score-surface.js'
import { createSurface } from '../../../dist/coordinator/model/create-surface.js'
import { strategies } from '../../../dist/coordinator/plan/strategies.js'
import { createRandom } from '../../../dist/shared/stats/random.js'

const { values } = parseArgs({
  options: {
    grid: { type: 'string' },
    seeds: { type: 'string', default: '1-8' },
    agents: { type: 'string', default: '4' },
    nodes: { type: 'string', default: '0.03' },
    throttle: { type: 'string', default: '0.1' },
    from: { type: 'string', default: '0.1' },
    share: { type: 'string', default: '0.1,0.2' },
    hours: { type: 'string', default: '8' },
    anchors: { type: 'string', default: '0.05' },
    audits: { type: 'string', default: '0.2' },
    variants: { type: 'string', default: 'blind,levels,levels and anchors' },
  },
})
const grid = readGrid(
  readFileSync(values.grid, 'utf8'),
  readFileSync(values.grid.replace(/\.csv$/, '.json'), 'utf8'),
)
const [first, last = first] = values.seeds.split('-').map(Number)
const shares = values.share.split(',').map(Number)
const agents = Number(values.agents)
const from = Number(values.from)
const total = grid.cost.reduce((sum, cost) => sum + cost, 0)
const most = Math.max(...shares)

/** A surface to which all agents are one, and all hours too. */
function blindSurface(options) {
  const surface = createSurface(options)
  return new Proxy(surface, {
    get(target, method) {
      const member = Reflect.get(target, method, target)
      if (typeof member !== 'function') return member
      if (method !== 'tell') return member.bind(target)
      return (observation) => target.tell({ ...observation, agent: 'one', at: 0 })
    },
  })
}

/** Levels of the agents, their mean 0. */
function levelsOf(seed) {
  const random = createRandom(seed).fork('fleet')
  const drawn = Array.from({ length: agents }, () => Number(values.nodes) * random.normal())
  const mean = drawn.reduce((sum, each) => sum + each, 0) / agents
  return drawn.map((each) => each - mean)
}

const variants = {
  blind: { surface: blindSurface, anchorShare: 0 },
  levels: { surface: createSurface, anchorShare: 0 },
  'levels and anchors': { surface: createSurface, anchorShare: Number(values.anchors) },
}

function claimOf(surface) {
  const claims = surface.accuracy()
  return claims.reduce((sum, { accuracy }) => sum + 1 - accuracy.value, 0) / claims.length
}

for (let seed = first; seed <= last; seed += 1) {
  const levels = levelsOf(seed)
  for (const name of values.variants.split(',')) {
    const { surface, anchorShare } = variants[name]
    const contestant = { name, strategy: strategies.adaptive, surface }
    const options = {
      ...{ seed, agents, auditShare: Number(values.audits), goal: 0.95, anchorShare },
      fleet: {
        pace: (Number(values.hours) * 3600 * agents) / (most * total),
        level: (agent, share) =>
          Math.exp(levels[agent]) *
          (agent === agents - 1 && share >= from ? 1 + Number(values.throttle) : 1),
      },
    }
    const scored = []
    let detected
    let told = 0
    let trials = 0
    for (const { state, next } of replay(grid, contestant, options)) {
      trials += 1
      const share = state.spent / total
      while (
        scored.length < shares.length &&
        (state.spent + next) / total > shares[scored.length]
      ) {
        const { error, bias, coverage, ratio, n } = scoreSurface(grid, state)
        const nodes = state.surface.nodes()
        const gaps = nodes.flatMap(({ agent, ratios }) => {
          const truth = levels[Number(agent.slice('agent-'.length))]
          return ratios.map(({ ratio: { value, low, high } }) => ({
            error: Math.abs(Math.log(value) - truth),
            inside: Math.log(low) <= truth && truth <= Math.log(high),
          }))
        })
        const mean = (list) => list.reduce((sum, each) => sum + each, 0) / list.length
        scored.push({
          ...{ share: shares[scored.length], n, trials, error, bias, coverage, ratio },
          claimed: claimOf(state.surface),
          ...(gaps.length === 0
            ? {}
            : {
                nodeError: mean(gaps.map((gap) => gap.error)),
                nodeCoverage: mean(gaps.map(({ inside }) => (inside ? 1 : 0))),
              }),
        })
      }
      const changes = state.surface.changes()
      if (detected === undefined && changes.length > 0) {
        const [{ agent, suspect, shifts }] = changes
        detected = { share, agent, suspect, ratio: shifts[0]?.ratio.value }
      }
      told = Math.max(told, changes.length)
      if (scored.length === shares.length) break
    }
    process.stdout.write(`${JSON.stringify({ seed, variant: name, scored, detected, told })}\n`)
  }
}
