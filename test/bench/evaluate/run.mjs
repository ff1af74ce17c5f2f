/**
 * Scores strategies on recorded grids and prints a table beside the numbers of the study that the
 * adaptive strategy was designed from.
 *
 *   node test/bench/evaluate/run.mjs [--grids FOLDER] [--only NAME,…] [--strategy NAME,…]
 *                                    [--seeds 8] [--agents 1] [--goal 0.95] [--share 0.05,0.2]
 *
 * Needs `npm run build`.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const dist = new URL('../../../dist/coordinator/', import.meta.url)
const load = (path) => import(new URL(path, dist))
const { readGrid } = await load('analysis/evaluate/grid.js')
const { evaluate } = await load('analysis/evaluate/evaluate.js')
const { createInterpolation } = await load('analysis/evaluate/interpolation-surface.js')
const { createSurface } = await load('model/create-surface.js')
const { strategies } = await load('plan/strategies.js')

const { values } = parseArgs({
  options: {
    grids: { type: 'string', default: 'test/fixtures/grids' },
    only: { type: 'string' },
    strategy: { type: 'string', default: 'adaptive,random+lines,powers-of-two+lines' },
    seeds: { type: 'string', default: '8' },
    agents: { type: 'string', default: '1' },
    goal: { type: 'string' },
    share: { type: 'string' },
  },
})

/** Shares to score at, and the study’s best row at each: error % / share within 5 %. */
const study = {
  'argonne-vllm-llama2-7b': { 0.05: '10/64', 0.2: '3.5/82' },
  'argonne-vllm-llama3-8b': { 0.05: '-', 0.2: '-' },
  'argonne-trtllm-llama3-8b': { 0.05: '3.4/74', 0.2: '1.6/95' },
  'composed-h100': { 0.0025: '2.7/90', 0.01: '1.9/95', 0.05: '1.0/98' },
  'composed-4hw': { 0.01: '3.8/87', 0.05: '1.7/94' },
  'fpm-qwen3-32b-dense-batch': { 0.05: '-', 0.1: '-' },
  'fpm-qwen3-35b-a3b-dense-batch': { 0.05: '-', 0.1: '-' },
  'servingsim-every-batch': { 0.01: '-', 0.1: '-' },
}

/** `NAME` or `NAME+lines`: measured by the strategy, estimated by straight lines. */
const contestants = values.strategy.split(',').map((name) => {
  const [strategy, estimator] = name.split('+')
  return {
    name,
    strategy: strategies[strategy],
    surface: estimator === 'lines' ? createInterpolation : createSurface,
  }
})

const names = readdirSync(values.grids)
  .filter((file) => file.endsWith('.csv'))
  .map((file) => file.slice(0, -4))
  .filter((name) => values.only === undefined || values.only.split(',').includes(name))
const percent = (spread, digits = 1) =>
  spread === undefined
    ? '-'
    : `${(100 * spread.median).toFixed(digits)} (${(100 * spread.p10).toFixed(digits)}…${(100 * spread.p90).toFixed(digits)})`
const plain = (spread) =>
  spread === undefined
    ? '-'
    : `${spread.median.toFixed(2)} (${spread.p10.toFixed(2)}…${spread.p90.toFixed(2)})`

console.log(
  '| grid | strategy | share % | error % | within 5 % | p95 % | bias % | ratio | coverage % | decision | regret % | n | study |',
)
console.log(`|${'---|'.repeat(13)}`)
for (const name of names) {
  const text = (extension) => readFileSync(join(values.grids, `${name}.${extension}`), 'utf8')
  const shares =
    values.share?.split(',').map(Number) ??
    Object.keys(study[name] ?? { 0.05: '', 0.2: '' }).map(Number)
  const options = {
    grids: [readGrid(text('csv'), text('json'))],
    shares,
    seeds: Array.from({ length: Number(values.seeds) }, (_, seed) => seed + 1),
    agents: Number(values.agents),
    auditShare: 0.2,
    ...(values.goal === undefined ? {} : { goal: Number(values.goal) }),
  }
  for await (const row of evaluate(options, contestants)) {
    if (row.kind === 'score') {
      const { scores } = row
      const cells = [
        row.grid,
        row.strategy,
        (100 * row.share).toString(),
        percent(scores.error, 2),
        percent(scores.within5, 0),
        percent(scores.p95),
        percent(scores.bias),
        plain(scores.ratio),
        percent(scores.coverage, 0),
        plain(scores.decision),
        percent(scores.regret),
        scores.n?.median ?? '-',
        study[row.grid]?.[row.share] ?? '-',
      ]
      console.log(`| ${cells.join(' | ')} |`)
    } else if (row.kind === 'gain') {
      const gain =
        row.gain === undefined ? 'not within the shares scored' : `${row.gain.toFixed(1)}x`
      console.log(`  ${row.grid} ${row.strategy}: accuracy ${row.accuracy} at a gain of ${gain}`)
    } else {
      console.log(
        `  ${row.grid} ${row.strategy}: ${row.stops} stops at ${row.goal}, ${row.stopsTrue} true, at share ${row.share ?? '-'}`,
      )
    }
  }
}
