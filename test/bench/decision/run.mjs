/**
 * `fmwork evaluate --decision` on every grid of a folder, with a list of rents where hardware varies, and beside
 * it the full grid measured once and as often as the decision stage measures one configuration at most.
 *
 *   node test/bench/decision/run.mjs --grids FOLDER [--only NAME,…] [--first 1] [--seeds 4]
 *                     [--goal 0.95] [--tolerance 0] [--probability 0.95] [--json FILE]
 *
 * docs/BENCHMARKS-DECISION.md says what the columns are. Needs `npm run build`.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const dist = new URL('../../../dist/', import.meta.url)
const load = (path) => import(new URL(path, dist))
const { casesOf, hardwareOf } = await load('coordinator/analysis/evaluate/decision-case.js')
const { summariesOf } = await load('coordinator/analysis/evaluate/decision-summary.js')
const { evaluateDecisions } = await load('coordinator/analysis/evaluate/evaluate-decisions.js')
const { readGrid } = await load('coordinator/analysis/evaluate/grid.js')
const { knowledgeOfGrid } = await load('coordinator/analysis/cost/knowledge-of-grid.js')
const { shapesOf } = await load('coordinator/decision/traffic.js')
const { createSurface } = await load('coordinator/model/create-surface.js')
const { mostRepeats } = await load('coordinator/plan/decision-stage.js')
const { strategies } = await load('coordinator/plan/strategies.js')
const { bookOf } = await load('shared/domain/price-book.js')

/** USD per device-hour; only their ratios matter. */
const rents = {
  a100: 1.4,
  a100_sxm: 1.4,
  h100: 2.5,
  h100_sxm: 2.5,
  h200: 3.2,
  h200_sxm: 3.2,
  b200: 4.5,
  b200_sxm: 4.5,
  gh200: 2.2,
  l40s: 0.9,
  mi210: 0.9,
  mi250: 1.1,
  mi300x: 2,
  b300: 6,
  'b300-sxm6': 6,
}

const { values: given } = parseArgs({
  options: {
    grids: { type: 'string', default: 'test/fixtures/grids' },
    only: { type: 'string' },
    first: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '4' },
    goal: { type: 'string', default: '0.95' },
    tolerance: { type: 'string', default: '0' },
    probability: { type: 'string', default: '0.95' },
    json: { type: 'string' },
  },
})
const contestant = { name: 'adaptive', strategy: strategies.adaptive, surface: createSurface }
const options = {
  seeds: Array.from({ length: Number(given.seeds) }, (_, k) => Number(given.first) + k),
  goal: Number(given.goal),
  tolerance: Number(given.tolerance),
  probability: Number(given.probability),
  agents: 1,
  auditShare: 0.2,
  harvest: false,
  fullGrids: [1, mostRepeats],
}

const percent = (value, digits = 1) => `${(100 * value).toFixed(digits)} %`
const line = (...cells) => {
  console.log(`| ${cells.join(' | ')} |`)
}
const titles =
  'grid | who | cases | cost | same | 90 % | names it | loses <= 1 % | regret in the rest | by the noise | breaks the limit | mean regret | claimed right | claimed regret'
line(titles)
line(...titles.split('|').map(() => '---'))

function printSummaries(grid, records) {
  for (const each of summariesOf({ grid, strategy: contestant.name }, records)) {
    const { who, cases, cost, same, named, near, breaks, meanRegret, claimed } = each
    line(
      grid,
      who,
      cases,
      percent(cost, 2),
      percent(same.value),
      `${percent(same.low)} – ${percent(same.high)}`,
      percent(named),
      percent(near),
      percent(each.regretInRest),
      percent(each.regretByNoiseInRest),
      percent(breaks),
      percent(meanRegret, 2),
      percent(claimed.probability),
      percent(claimed.regret, 2),
    )
  }
}

const everything = []
const names = readdirSync(given.grids)
  .filter((file) => file.endsWith('.csv'))
  .map((file) => file.slice(0, -4))
  .filter((name) => given.only === undefined || given.only.split(',').includes(name))
for (const name of names) {
  const text = (extension) => readFileSync(join(given.grids, `${name}.${extension}`), 'utf8')
  const grid = readGrid(text('csv'), text('json'))
  const prices = bookOf(
    Object.fromEntries(hardwareOf(grid).map((each) => [each, rents[each.toLowerCase()] ?? 1])),
  )
  const cases = casesOf(grid, shapesOf(knowledgeOfGrid(grid)), prices)
  const records = []
  for await (const record of evaluateDecisions(grid, cases, contestant, options)) {
    records.push(record)
  }
  printSummaries(name, records)
  everything.push(...records)
}
printSummaries('all', everything)
if (given.json !== undefined) {
  writeFileSync(given.json, `${everything.map((each) => JSON.stringify(each)).join('\n')}\n`)
}
