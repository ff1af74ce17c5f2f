/**
 * Does a sweep that stopped at its accuracy goal name the same best configuration as full knowledge
 * of the recorded grid? Prints a table per grid, and a JSON object per case with --json FILE.
 *
 *   node test/bench/decision/run.mjs --grids FOLDER [--only NAME,…] [--first 1] [--seeds 4]
 *                     [--goal 0.95] [--share 1] [--tolerance 0] [--probability 0.95] [--json FILE]
 *
 * Seeds are --first and those after it, --seeds in all. Judged are: the sweep as it stopped; the sweep and
 * its decision stage (`decided`), which measures contenders until the choice is right with the probability
 * wanted (--probability; those that differ by less than --tolerance count as equally good) and expected to
 * lose next to nothing; of these apart, the answers that are told as a choice (`told`) and those that are
 * not (`cannot tell`, judged by the choice that it would be); and the full grid, every row measured once, and
 * as often as the stage measures one at most.
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
import {
  decide,
  decided,
  judge,
  keyOf,
  mostRepeats,
  noisyGrid,
  rightAnswer,
  stopped,
} from './deciders.mjs'

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
    first: { type: 'string', default: '1' },
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
const nobody = () => ({ sweep: [], decided: [], told: [], untold: [], once: [], often: [] })
const titlesOf = {
  sweep: 'sweep',
  decided: 'decided',
  told: 'told',
  untold: 'cannot tell',
  once: 'full grid, once',
  often: `full grid, ${mostRepeats} times`,
}
const everything = nobody()
const names = readdirSync(given.grids)
  .filter((file) => file.endsWith('.csv'))
  .map((file) => file.slice(0, -4))
  .filter((name) => given.only === undefined || given.only.split(',').includes(name))
for (const name of names) {
  const text = (extension) => readFileSync(join(given.grids, `${name}.${extension}`), 'utf8')
  const grid = readGrid(text('csv'), text('json'))
  const truth = knowledgeOfGrid({ ...grid, noise: {} })
  const cases = casesOf(grid, truth)
  const rights = cases.map((each) => rightAnswer(truth, each))
  const results = nobody()
  const shares = []
  const extras = []
  const total = grid.cost.reduce((sum, cost) => sum + cost, 0)
  for (let after = 0; after < Number(given.seeds); after += 1) {
    const seed = Number(given.first) + after
    const state = stopped(grid, seed, { goal: Number(given.goal), share: Number(given.share) })
    shares.push(state.share)
    const believed = knowledgeOfSurface(grid, state.surface, state.measured, seed)
    const [once, often] = [1, mostRepeats].map((times) =>
      knowledgeOfGrid(noisyGrid(grid, seed, times), seed),
    )
    cases.forEach((each, k) => {
      const stage = decided(grid, believed, each, seed, wanted)
      const answers = {
        sweep: decide(believed, each, wanted.tolerance),
        decided: stage,
        once: decide(once, each, wanted.tolerance),
        often: decide(often, each, wanted.tolerance),
      }
      extras.push(stage.spent / total)
      const judged = Object.fromEntries(
        Object.entries(answers).map(([who, answer]) => [who, judge(rights[k], answer)]),
      )
      for (const [who, result] of Object.entries(judged)) {
        if (result !== undefined) results[who].push(result)
      }
      if (judged.decided !== undefined) results[stage.told ? 'told' : 'untold'].push(judged.decided)
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
        deviceSeconds: stage.spent,
        told: stage.told,
        trials: stage.trials,
        answers: Object.fromEntries(
          Object.entries(answers).map(([who, { certainty, found }]) => [
            who,
            {
              chosen: found?.best.appraisal.deployment.key,
              probability: certainty.probability,
              meets: found?.best.meetsProbability,
              regret: found?.best.expectedRegret,
              atMost: certainty.lossAtMost,
              judged: judged[who],
            },
          ]),
        ),
      })
    })
  }
  const span = `${percent(mean(shares))} (${percent(Math.min(...shares))} – ${percent(Math.max(...shares))})`
  const costs = { sweep: span, decided: `+ ${percent(mean(extras), 2)}`, once: '100 %' }
  for (const [who, title] of Object.entries(titlesOf)) {
    if (results[who].length > 0) {
      line(name, results[who].length, costs[who] ?? '', title, ...summary(results[who]))
    }
    everything[who].push(...results[who])
  }
}
for (const [who, title] of Object.entries(titlesOf)) {
  if (everything[who].length > 0) {
    line('all', everything[who].length, '', title, ...summary(everything[who]))
  }
}
if (given.json !== undefined) {
  writeFileSync(given.json, `${records.map((each) => JSON.stringify(each)).join('\n')}\n`)
}
