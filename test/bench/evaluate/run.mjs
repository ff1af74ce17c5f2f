/**
 * Plays the adaptive strategy and what it is compared with on recorded grids, several campaigns at
 * once, and prints the tables of docs/BENCHMARKS.md.
 *
 *   node test/bench/evaluate/run.mjs [--grids FOLDER] [--only NAME,…] [--seeds 8] [--jobs N]
 *                                    [--out FOLDER] [--minutes 600]
 *
 * A campaign is one process; its result is a line of FOLDER/results.jsonl as soon as it ends, so
 * that a run cut short by --minutes leaves what it has. Needs `npm run build`.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { extname, join } from 'node:path'
import { clearTimeout, setTimeout } from 'node:timers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { jobsFor } from './jobs.mjs'
import { tables } from './tables.mjs'

const { values } = parseArgs({
  options: {
    grids: { type: 'string', default: 'test/fixtures/grids' },
    only: { type: 'string' },
    seeds: { type: 'string', default: '8' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    out: { type: 'string', default: 'bench-evaluate' },
    minutes: { type: 'string', default: '600' },
  },
})
const names = readdirSync(values.grids)
  .filter((file) => file.endsWith('.csv'))
  .map((file) => file.slice(0, -4))
  .filter((name) => values.only === undefined || values.only.split(',').includes(name))
// Packed, both are bundles side by side.
const player = fileURLToPath(new URL(`./play${extname(import.meta.url)}`, import.meta.url))
mkdirSync(values.out, { recursive: true })
const results = join(values.out, 'results.jsonl')
writeFileSync(results, '')

const waiting = jobsFor(names, Number(values.seeds))
const running = new Set()
const failed = []
let isLate = false

function play(job) {
  const parts = [
    ['--grid', join(values.grids, `${job.grid}.csv`)],
    ['--strategy', job.strategy],
    ['--seeds', job.seed],
    ['--agents', job.agents],
    ['--audits', job.audits],
    ['--share', job.share.join(',')],
    ['--goal', '0.95'],
  ]
  const child = spawn(process.execPath, [player, ...parts.flat().map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  let text = ''
  child.stdout.on('data', (chunk) => (text += chunk))
  return new Promise((resolve) => {
    child.on('close', (code) => {
      running.delete(child)
      if (code === 0) appendFileSync(results, text)
      else failed.push(`${job.grid} ${job.strategy} seed ${job.seed} agents ${job.agents}`)
      resolve()
    })
  })
}

async function work() {
  for (let job = waiting.shift(); job !== undefined && !isLate; job = waiting.shift()) {
    await play(job)
  }
}

const late = setTimeout(
  () => {
    isLate = true
    for (const child of running) child.kill()
  },
  Number(values.minutes) * 60_000,
)
await Promise.all(Array.from({ length: Number(values.jobs) }, work))
clearTimeout(late)

const lines = readFileSync(results, 'utf8').split('\n').filter(Boolean)
const text = tables(lines.map((line) => JSON.parse(line)))
writeFileSync(join(values.out, 'tables.md'), text)
console.log(text)
if (failed.length > 0 || waiting.length > 0) {
  console.log(`Not played: ${failed.length + waiting.length} campaigns. ${failed.join('; ')}`)
  process.exitCode = 1
}
