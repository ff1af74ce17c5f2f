/**
 * A store of many samples: how long building it takes, every question that the dashboard and the report
 * ask of it, a copy of it while something is written, and dropping what is old. docs/BENCHMARKS-SCALE.md
 * has the figures.
 *
 *   node test/bench/scale/large.mjs [--samples 10000000] [--samples-per-trial 200] [--sweeps 5]
 *                                   [--data FOLDER] [--turns 40] [--upkeep]
 *
 * FOLDER is built where it holds nothing and kept; without it a temporary one is built and removed.
 * --upkeep copies and prunes too. Prints a line of JSON per part. Needs `npm run build`.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { prune } from '../../../dist/coordinator/store/care/prune.js'
import { openLocalReader } from '../../../dist/coordinator/store/local-reader.js'
import { systemClock } from '../../../dist/shared/process/clock.js'
import { createRandom } from '../../../dist/shared/stats/random.js'
import { buildStore, open } from './build-store.mjs'

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '10000000' },
    'samples-per-trial': { type: 'string', default: '200' },
    sweeps: { type: 'string', default: '5' },
    data: { type: 'string' },
    turns: { type: 'string', default: '40' },
    upkeep: { type: 'boolean', default: false },
  },
})
const turns = Number(values.turns)
const samplesPerTrial = Number(values['samples-per-trial'])
const sweeps = Number(values.sweeps)
const trials = Math.round(Number(values.samples) / samplesPerTrial / sweeps)
const dataDir = values.data ?? mkdtempSync(join(tmpdir(), 'fmwork-large-'))
const databasePath = join(dataDir, 'fmwork.sqlite')
const say = (line) => console.log(JSON.stringify(line))
const seconds = (from) => Number((systemClock.monotonic() - from).toFixed(2))
const mebibytes = (path) => Math.round(statSync(path).size / 2 ** 20)

async function build() {
  const list = join(dataDir, 'built.json')
  if (existsSync(list)) return JSON.parse(readFileSync(list, 'utf8'))
  mkdirSync(dataDir, { recursive: true })
  const from = systemClock.monotonic()
  const built = await buildStore(dataDir, { sweeps, trials, samplesPerTrial, agents: 1000 })
  say({
    part: 'build',
    samples: sweeps * trials * samplesPerTrial,
    seconds: seconds(from),
    megabytes: mebibytes(databasePath),
  })
  writeFileSync(list, JSON.stringify(built))
  return built
}

const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
async function timed(question, ask) {
  const took = []
  for (let turn = 0; turn < turns; turn += 1) {
    const from = systemClock.monotonic()
    await ask(turn)
    took.push((systemClock.monotonic() - from) * 1000)
  }
  took.sort((a, b) => a - b)
  const ms = (share) => Number(quantile(took, share).toFixed(2))
  say({ part: 'question', question, p50Ms: ms(0.5), p99Ms: ms(0.99) })
}

async function questions(built) {
  const random = createRandom(1)
  const reader = await openLocalReader(dataDir)
  const store = open(dataDir)
  const sweep = () => built[random.below(built.length)]
  const page = (rest) => () =>
    reader.trials({ sweepId: sweep().sweepId, offset: 0, limit: 50, ...rest })
  const lastEvent = (await reader.events(built[0].sweepId, undefined, 1))[0].id
  await timed('trials: first page', page({}))
  await timed('trials: a page in the middle', page({ offset: trials >> 1 }))
  await timed('trials: the audits', page({ purposes: ['audit'] }))
  await timed('trials: those that failed (none)', page({ states: ['FAILED', 'ABANDONED'] }))
  await timed('trials: those in doubt', page({ doubted: true }))
  await timed('trials: what comes next', () => reader.next(sweep().sweepId, 40))
  await timed('one trial with its samples', () => {
    const { trials: ids } = sweep()
    return reader.trial(ids[random.below(ids.length)], 500)
  })
  await timed('events: newest', () => reader.events(sweep().sweepId, undefined, 200))
  await timed('events: since one long ago', () =>
    reader.eventsSince(built[0].sweepId, lastEvent - 1000, 200),
  )
  await timed('curve', () => reader.curve(sweep().sweepId))
  await timed('marks of the space', () => reader.marks(sweep().sweepId))
  await timed('past costs of an engine', () => reader.pastCosts('simulated', 'cpu', 500))
  await timed('past costs of an engine never seen', () => reader.pastCosts('vllm', 'cpu', 500))
  await timed('status: totals', () => store.totals(sweep().sweepId))
  await timed('list of sweeps', () => store.listSweeps())
  await timed('report: a page of 500 trials', () => {
    const { sweepId, trials: ids } = sweep()
    return store.trialsOf(sweepId, ids[random.below(ids.length)], 500)
  })
  await timed('report: samples of one trial', () => {
    const { trials: ids } = sweep()
    return store.samplesOf(ids[random.below(ids.length)])
  })
  await timed('report: machines and engines', () => store.environmentsOf(sweep().sweepId))
  store.close()
  await reader.close()
}

/** Copies in a thread, as `fmwork backup` in its own process, while this one writes as a coordinator does. */
async function copy() {
  const target = join(dataDir, 'copy.sqlite')
  rmSync(target, { force: true })
  const store = open(dataDir)
  const waits = []
  const from = systemClock.monotonic()
  const thread = new Worker(new URL('./copy-thread.mjs', import.meta.url), {
    workerData: { dataDir, target },
  })
  let copied = false
  const over = new Promise((resolve, reject) => {
    thread.once('error', reject)
    thread.once('exit', resolve)
  }).then(() => {
    copied = true
  })
  for (let number = 0; !copied; number += 1) {
    const asked = systemClock.monotonic()
    store.ahead(() => store.addTelemetry('agent-0', undefined, [{ at: number, device: 'cpu' }]))
    await store.settled()
    waits.push((systemClock.monotonic() - asked) * 1000)
    await systemClock.sleep(0.02)
  }
  await over
  waits.sort((a, b) => a - b)
  store.close()
  const ms = (share) => Number(quantile(waits, share).toFixed(1))
  say({
    part: 'copy',
    seconds: seconds(from),
    megabytes: mebibytes(target),
    writesMeanwhile: waits.length,
    writeP50Ms: ms(0.5),
    writeP99Ms: ms(0.99),
    writeMostMs: ms(1),
  })
  rmSync(target)
}

function pruneOld(built) {
  const store = open(dataDir)
  for (const { sweepId } of built.slice(0, Math.ceil(built.length / 2))) {
    store.moveSweep(sweepId, ['RUNNING'], 'CANCELLED', { reason: 'bench', at: 10 })
  }
  store.close()
  const from = systemClock.monotonic()
  const pruned = prune(dataDir, 1000)
  say({ part: 'prune', seconds: seconds(from), ...pruned })
}

try {
  const built = await build()
  await questions(built)
  if (values.upkeep) {
    await copy()
    pruneOld(built)
  }
} finally {
  if (values.data === undefined) rmSync(dataDir, { recursive: true, force: true })
}
