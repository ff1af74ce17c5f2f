/**
 * Does a sweep that stopped at its accuracy goal name the same best configuration as full knowledge
 * of the recorded grid? Prints a table per grid, and a JSON object per case with --json FILE.
 *
 *   node test/bench/decision/run.mjs --grids FOLDER [--only NAME,…] [--seeds 4] [--goal 0.95]
 *                                    [--share 1] [--json FILE]
 *
 * Three deciders are judged: the sweep as it stopped; the sweep and the measurements that
 * `fmwork recommend` asks for next, one at a time until the expected regret is below 0.5 % (at most
 * 12); and the full grid, every row measured once with the noise of one measurement.
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

const dist = new URL('../../../dist/', import.meta.url)
const load = (path) => import(new URL(path, dist))
const { readGrid } = await load('coordinator/analysis/evaluate/grid.js')
const { replay, measurementOf } = await load('coordinator/analysis/evaluate/replay.js')
const { createSurface } = await load('coordinator/model/create-surface.js')
const { strategies } = await load('coordinator/plan/strategies.js')
const { appraise } = await load('coordinator/decision/appraise.js')
const { recommend } = await load('coordinator/decision/recommend.js')
const { knowledgeOfGrid, knowledgeOfSurface } = await load(
  'coordinator/analysis/cost/knowledge-of-grid.js',
)
const { informationValue } = await load('coordinator/decision/information-value.js')
const { withMeasurements } = await load('coordinator/analysis/cost/with-measurements.js')
const { shapesOf } = await load('coordinator/decision/traffic.js')
const { logInterval } = await load('coordinator/decision/point.js')
const { mergedBook, bookOf } = await load('shared/domain/price-book.js')
const { quantile, sorted } = await load('shared/stats/quantile.js')

const { values: given } = parseArgs({
  options: {
    grids: { type: 'string', default: 'test/fixtures/grids' },
    only: { type: 'string' },
    seeds: { type: 'string', default: '4' },
    goal: { type: 'string', default: '0.95' },
    share: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
})
const goal = Number(given.goal)
const latencies = ['itl', 'tpot', 'ttft', 'batch_ttft', 'e2e']
/** Shapes of a grid that are asked about: spread evenly over those with enough rows to choose from. */
const mostShapes = 6
const fewestRows = 4

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

function roundNumber(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  const digits = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
  return digits
    .map((digit) => digit * power)
    .reduce((best, each) =>
      Math.abs(Math.log(each / value)) < Math.abs(Math.log(best / value)) ? each : best,
    )
}

/** Names of price lists and the lists; one of them where hardware does not vary. */
function pricesOf(grid) {
  const classes = [...new Set(grid.configurations.map(({ hardware }) => hardware))]
  const equal = Object.fromEntries(classes.map((name) => [name, 1]))
  if (classes.length === 1) return [['equal', equal]]
  const list = Object.fromEntries(classes.map((name) => [name, rents[name.toLowerCase()] ?? 1]))
  const ascending = [...classes].sort((a, b) => list[a] - list[b])
  const turned = Object.fromEntries(
    ascending.map((name, k) => [name, list[ascending[ascending.length - 1 - k]]]),
  )
  return [
    ['equal', equal],
    ['rents', list],
    ['turned', turned],
  ]
}

function casesOf(grid, truth) {
  const metric = latencies.find((name) => grid.metrics.includes(name))
  if (metric === undefined) return []
  const shapes = shapesOf(truth).filter(
    (shape) =>
      grid.configurations.filter(
        (each) =>
          each.inputTokens === shape.inputTokens && each.outputTokens === shape.outputTokens,
      ).length >= fewestRows,
  )
  const chosen =
    shapes.length <= mostShapes
      ? shapes
      : Array.from(
          { length: mostShapes },
          (_, k) => shapes[Math.round((k * (shapes.length - 1)) / (mostShapes - 1))],
        )
  const traffics = ['any', ...chosen.map((shape) => [shape])]
  return traffics.flatMap((traffic) => {
    const rows = grid.truth[metric].filter((_, row) => {
      if (traffic === 'any') return true
      const each = grid.configurations[row]
      return (
        each.inputTokens === traffic[0].inputTokens && each.outputTokens === traffic[0].outputTokens
      )
    })
    const quartiles = [0.25, 0.5, 0.75].map((share) => quantile(sorted(rows), share))
    const limits = [...new Set(traffic === 'any' ? quartiles : quartiles.map(roundNumber))]
    return limits.flatMap((limitSeconds) =>
      pricesOf(grid).map(([name, prices]) => ({
        traffic,
        slo: [{ metric, limitSeconds }],
        priceName: name,
        prices: mergedBook(bookOf(prices)),
      })),
    )
  })
}

const decide = (knowledge, { traffic, slo, prices }, draws) => {
  const appraised = appraise({ knowledge, traffic, slo, prices, objective: 'usd', draws })
  return { appraised, found: recommend(appraised) }
}

const key = (decision) => decision.found?.best.appraisal.deployment.key

/** 1 - true worth of the chosen / true worth of the right one; 1 where the chosen breaks the SLO. */
function judge(right, chosen) {
  const best = right.found?.best.appraisal
  const name = key(chosen)
  if (best === undefined) return name === undefined ? { same: true, regret: 0 } : undefined
  if (name === best.deployment.key) return { same: true, regret: 0 }
  const real = right.appraised.appraisals.find((each) => each.deployment.key === name)
  if (real === undefined || real.broken !== undefined) {
    return { same: false, regret: 1, violated: real !== undefined }
  }
  return { same: false, regret: 1 - best.cost / real.cost }
}

/** The campaign’s state where its own claim first allows it to stop. */
function stopped(grid, seed) {
  const total = grid.cost.reduce((sum, cost) => sum + cost, 0)
  const campaign = replay(
    grid,
    { name: 'adaptive', strategy: strategies.adaptive, surface: createSurface },
    { seed, agents: 1, auditShare: 0.2, goal },
  )
  for (;;) {
    const step = campaign.next()
    const state = step.done ? step.value : step.value.state
    const share = state.spent / total
    const reached = state.surface.verdict(goal)?.goalReached === true
    if (step.done || reached || share >= Number(given.share)) {
      return { ...state, share, reached }
    }
  }
}

/** A full grid as a lab would have it: every row measured once, with its noise. */
function noisyGrid(grid, seed) {
  const truth = Object.fromEntries(
    grid.metrics.map((metric) => [metric, grid.truth[metric].slice()]),
  )
  grid.configurations.forEach((_, row) => {
    const values = measurementOf(grid, row, 0, seed)
    for (const metric of grid.metrics) truth[metric][row] = values[metric].value
  })
  return { ...grid, truth }
}

/** What `recommend --next`, `run` and `recommend --with` do, a measurement at a time. */
function confirmed(grid, believed, question, seed) {
  let knowledge = believed
  let decision = decide(knowledge, question)
  let spent = 0
  const repeats = new Map()
  for (let count = 0; count < 12; count += 1) {
    if ((decision.found?.best.expectedRegret ?? 1) < 0.005) break
    const [next] = informationValue(decision.appraised, Infinity).next
    if (next === undefined) break
    const points = next.points.map((row) => {
      const repeat = repeats.get(row) ?? Number(believed.points[row].measured)
      repeats.set(row, repeat + 1)
      spent += grid.cost[row]
      const values = measurementOf(grid, row, repeat, seed)
      return {
        configuration: grid.configurations[row],
        measured: true,
        feasible: 1,
        estimates: Object.fromEntries(
          grid.metrics.map((metric) => [
            metric,
            logInterval(values[metric].value, grid.noise[metric] ?? 0),
          ]),
        ),
      }
    })
    knowledge = withMeasurements(knowledge, { ...knowledge, points })
    decision = decide(knowledge, question)
  }
  return { ...decision, spent }
}

const percent = (value, digits = 1) =>
  Number.isFinite(value) ? `${(100 * value).toFixed(digits)} %` : '–'
const mean = (list) => list.reduce((sum, each) => sum + each, 0) / list.length

function summary(results) {
  const same = results.filter((each) => each.same).length / results.length
  const rest = results.filter((each) => !each.same).map((each) => each.regret)
  return {
    same,
    within1: results.filter((each) => each.regret <= 0.01).length / results.length,
    restRegret: rest.length === 0 ? 0 : mean(rest),
    violated: results.filter((each) => each.violated).length / results.length,
    regret: mean(results.map((each) => each.regret)),
  }
}

const cells = (each) =>
  [each.same, each.within1, each.restRegret, each.violated, each.regret].map((v) => percent(v))
const records = []
console.log(
  '| grid | cases | share at the stop | who | same | loses <= 1 % | regret in the rest | breaks the limit | mean regret |',
)
console.log(`|${'---|'.repeat(9)}`)
const everything = { sweep: [], confirmed: [], full: [] }
const names = readdirSync(given.grids)
  .filter((file) => file.endsWith('.csv'))
  .map((file) => file.slice(0, -4))
  .filter((name) => given.only === undefined || given.only.split(',').includes(name))
for (const name of names) {
  const text = (extension) => readFileSync(join(given.grids, `${name}.${extension}`), 'utf8')
  const grid = readGrid(text('csv'), text('json'))
  const silent = { ...grid, noise: {} }
  const truth = knowledgeOfGrid(silent)
  const cases = casesOf(grid, truth)
  const rights = cases.map((each) => decide(truth, each, 1))
  const sweep = []
  const sure = []
  const extra = []
  const full = []
  const total = grid.cost.reduce((sum, cost) => sum + cost, 0)
  const shares = []
  for (let seed = 1; seed <= Number(given.seeds); seed += 1) {
    const state = stopped(grid, seed)
    shares.push(state.share)
    const believed = knowledgeOfSurface(grid, state.surface, state.measured, seed)
    const everyRow = knowledgeOfGrid(noisyGrid(grid, seed), seed)
    cases.forEach((each, k) => {
      const chosen = decide(believed, each)
      const result = judge(rights[k], chosen)
      const checked = confirmed(grid, believed, each, seed)
      const surely = judge(rights[k], checked)
      if (surely !== undefined) sure.push(surely)
      extra.push(checked.spent / total)
      const other = judge(rights[k], decide(everyRow, each))
      if (result !== undefined) sweep.push(result)
      if (other !== undefined) full.push(other)
      records.push({
        grid: name,
        seed,
        share: state.share,
        reached: state.reached,
        traffic: each.traffic,
        slo: each.slo,
        prices: each.priceName,
        right: key(rights[k]),
        chosen: key(chosen),
        ...result,
        confirmed: surely,
        extra: checked.spent / total,
        claimed: chosen.found && {
          meets: chosen.found.best.meetsProbability,
          best: chosen.found.best.bestProbability,
          regret: chosen.found.best.expectedRegret,
          measured: chosen.found.best.appraisal.measured,
        },
      })
    })
  }
  everything.sweep.push(...sweep)
  everything.confirmed.push(...sure)
  everything.full.push(...full)
  const share = `${percent(mean(shares))} (${percent(Math.min(...shares))} – ${percent(Math.max(...shares))})`
  console.log(`| ${[name, cases.length, share, 'sweep', ...cells(summary(sweep))].join(' | ')} |`)
  console.log(
    `| ${[name, cases.length, `+ ${percent(mean(extra), 2)}`, 'sweep, confirmed', ...cells(summary(sure))].join(' | ')} |`,
  )
  console.log(
    `| ${[name, cases.length, '100 %', 'full grid, once', ...cells(summary(full))].join(' | ')} |`,
  )
}
for (const [who, results] of Object.entries(everything)) {
  if (results.length > 0)
    console.log(
      `| all | ${results.length} decisions | | ${who} | ${cells(summary(results)).join(' | ')} |`,
    )
}
if (given.json !== undefined) {
  writeFileSync(given.json, `${records.map((each) => JSON.stringify(each)).join('\n')}\n`)
}
