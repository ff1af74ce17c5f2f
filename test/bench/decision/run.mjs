/**
 * Does a sweep that stopped at its accuracy goal name the same best configuration as full knowledge
 * of the recorded grid? Prints a table per grid, and a JSON object per case with --json FILE.
 *
 *   node test/bench/decision/run.mjs --grids FOLDER [--only NAME,…] [--seeds 4] [--goal 0.95]
 *                     [--share 1] [--tolerance 0] [--probability 0.95] [--json FILE]
 *
 * Three deciders are judged: the sweep as it stopped; the sweep and its decision stage, which
 * measures contenders until the choice is right with the probability wanted (--probability; those
 * that differ by less than --tolerance count as equally good); and the full grid, every row measured
 * once with the noise of one measurement.
 *
 * A case is (grid, traffic, SLO, prices). Traffic: `any` asks for the best row whatever its lengths
 * (docs/GRIDS.md, `decision`); else one shape (input, output). SLO: a limit on the grid’s latency
 * at the 25, 50 and 75 % quantile of what the traffic’s rows have; of a single shape the round number
 * nearest to it (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten), since the quantile of few
 * rows is the very value of one, and whether that row meets it no measurement can tell. Prices: all classes
 * equal; a list of rents; that list with the classes’ order turned round. Needs `npm run build`.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { casesOf } from './cases.mjs'
import { decide, decided, judge, keyOf, noisyGrid, stopped } from './deciders.mjs'

const dist = new URL('../../../dist/', import.meta.url)
const load = (path) => import(new URL(path, dist))
const { readGrid } = await load('coordinator/analysis/evaluate/grid.js')
const { knowledgeOfGrid, knowledgeOfSurface } = await load(
  'coordinator/analysis/cost/knowledge-of-grid.js',
)

const { values: given } = parseArgs({
  options: {
    grids: { type: 'string', default: 'test/fixtures/grids' },
    only: { type: 'string' },
    seeds: { type: 'string', default: '4' },
    goal: { type: 'string', default: '0.95' },
    share: { type: 'string', default: '1' },
    tolerance: { type: 'string', default: '0' },
    probability: { type: 'string', default: '0.95' },
    json: { type: 'string' },
  },
})
const wanted = { tolerance: Number(given.tolerance), probability: Number(given.probability) }

const percent = (value, digits = 1) =>
  Number.isFinite(value) ? `${(100 * value).toFixed(digits)} %` : '–'
const mean = (list) => list.reduce((sum, each) => sum + each, 0) / list.length
const shareOf = (list, holds) => list.filter(holds).length / list.length

function summary(results) {
  const rest = results.filter((each) => !each.same).map((each) => each.regret)
  return [
    shareOf(results, (each) => each.same),
    shareOf(results, (each) => each.regret <= 0.01),
    rest.length === 0 ? 0 : mean(rest),
    shareOf(results, (each) => each.violated),
    mean(results.map((each) => each.regret)),
  ].map((value) => percent(value))
}

const line = (...cells) => {
  console.log(`| ${cells.join(' | ')} |`)
}
const titles =
  'grid | cases | cost | who | same | loses <= 1 % | regret in the rest | breaks the limit | mean regret'
line(titles)
line(...titles.split('|').map(() => '---'))

const records = []
const everything = { sweep: [], decided: [], full: [] }
const names = readdirSync(given.grids)
  .filter((file) => file.endsWith('.csv'))
  .map((file) => file.slice(0, -4))
  .filter((name) => given.only === undefined || given.only.split(',').includes(name))
for (const name of names) {
  const text = (extension) => readFileSync(join(given.grids, `${name}.${extension}`), 'utf8')
  const grid = readGrid(text('csv'), text('json'))
  const truth = knowledgeOfGrid({ ...grid, noise: {} })
  const cases = casesOf(grid, truth)
  const rights = cases.map((each) => decide(truth, each, 0, 1))
  const results = { sweep: [], decided: [], full: [] }
  const shares = []
  const extras = []
  const total = grid.cost.reduce((sum, cost) => sum + cost, 0)
  for (let seed = 1; seed <= Number(given.seeds); seed += 1) {
    const state = stopped(grid, seed, { goal: Number(given.goal), share: Number(given.share) })
    shares.push(state.share)
    const believed = knowledgeOfSurface(grid, state.surface, state.measured, seed)
    const everyRow = knowledgeOfGrid(noisyGrid(grid, seed), seed)
    cases.forEach((each, k) => {
      const stage = decided(grid, believed, each, seed, wanted)
      const answers = {
        sweep: decide(believed, each, wanted.tolerance),
        decided: stage,
        full: decide(everyRow, each, wanted.tolerance),
      }
      extras.push(stage.spent / total)
      const judged = Object.fromEntries(
        Object.entries(answers).map(([who, answer]) => [who, judge(rights[k], answer)]),
      )
      for (const [who, result] of Object.entries(judged)) {
        if (result !== undefined) results[who].push(result)
      }
      records.push({
        grid: name,
        seed,
        share: state.share,
        reached: state.reached,
        traffic: each.traffic,
        slo: each.slo,
        prices: each.priceName,
        right: keyOf(rights[k]),
        extra: stage.spent / total,
        trials: stage.trials,
        answers: Object.fromEntries(
          Object.entries(answers).map(([who, { certainty, found }]) => [
            who,
            {
              chosen: found?.best.appraisal.deployment.key,
              probability: certainty.probability,
              meets: found?.best.meetsProbability,
              regret: found?.best.expectedRegret,
              judged: judged[who],
            },
          ]),
        ),
      })
    })
  }
  const span = `${percent(mean(shares))} (${percent(Math.min(...shares))} – ${percent(Math.max(...shares))})`
  line(name, cases.length, span, 'sweep', ...summary(results.sweep))
  line(name, cases.length, `+ ${percent(mean(extras), 2)}`, 'decided', ...summary(results.decided))
  line(name, cases.length, '100 %', 'full grid, once', ...summary(results.full))
  for (const who of Object.keys(everything)) everything[who].push(...results[who])
}
for (const [who, results] of Object.entries(everything)) {
  if (results.length > 0) line('all', `${results.length} decisions`, '', who, ...summary(results))
}
if (given.json !== undefined) {
  writeFileSync(given.json, `${records.map((each) => JSON.stringify(each)).join('\n')}\n`)
}
