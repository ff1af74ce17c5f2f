// Measures the same static batches on one engine with `fmwork measure` and with a client that shares no
// code with it (test/bench/independent-client.mjs), in turns:
//   npm run build && node test/bench/streams/compare-clients.mjs [--rounds 5] [--model fmwork-micro]
// The engine is the embedded one, or any server that takes token ids: --base-url URL --model NAME.
// Prints, over rounds, the median of each client's ttft and tpot (each the median over its repetitions),
// and how far apart they are.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    model: { type: 'string', default: 'fmwork-micro' },
    dist: { type: 'string', default: 'dist' },
    'base-url': { type: 'string' },
    /** BATCHxINPUTxOUTPUT, separated by commas. */
    shapes: { type: 'string', default: '1x128x64,4x128x64,8x64x32' },
    /** Token ids of prompts, where the server is not the embedded engine. */
    'token-ids': { type: 'string', default: '300,900' },
    out: { type: 'string' },
  },
})
const shapes = options.shapes.split(',').map((shape) => {
  const [batch, input, output] = shape.split('x').map(Number)
  return { batch, input, output }
})
const folder = mkdtempSync(join(tmpdir(), 'fmwork-compare-'))

async function embeddedEngine() {
  const built = (path) => import(resolve(options.dist, path))
  const { createEngine } = await built('agent/engine/engines.js')
  const { systemClock } = await built('shared/process/clock.js')
  const { createLog } = await built('shared/process/log.js')
  const block = {
    model: options.model,
    engine: 'embedded',
    engineArgs: {},
    hardware: 'cpu',
    tensorParallel: 1,
  }
  return createEngine('embedded', {
    stateDir: folder,
    allowed: ['embedded'],
    log: createLog({ name: 'bench', level: 'silent' }),
    clock: systemClock,
    gpu: false,
  }).start({ block, maxLoad: 8, maxContextTokens: 256 }, new globalThis.AbortController().signal)
}
const servedElsewhere = {
  endpoint: {
    baseUrl: options['base-url'],
    model: options.model,
    promptTokenRange: options['token-ids'].split(','),
  },
  stop: async () => undefined,
}
const engine = options['base-url'] === undefined ? await embeddedEngine() : servedElsewhere
const { baseUrl, model, promptTokenRange } = engine.endpoint
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

function fmwork({ batch, input, output }, seed) {
  const flags = ['--base-url', baseUrl, '--model', model, '--static-batch', batch]
  flags.push('--random-input-len', input, '--random-output-len', output, '--seed', seed)
  flags.push('--repetitions', 5, '--json')
  const command = [resolve(options.dist, 'cli/main.js'), 'measure', ...flags].map(String)
  const { stdout } = spawnSync('node', command, { cwd: folder, encoding: 'utf8' })
  const { measurement } = JSON.parse(stdout)
  // The median over repetitions, as the other client gives it.
  const value = (name) => 1000 * measurement.metrics.find(({ metric }) => metric === name).value
  return {
    ttft: value('ttft'),
    tpot: value('tpot'),
    doubts: measurement.doubts.map(({ kind, severity }) => `${kind} (${severity})`),
  }
}

function independent({ batch, input, output }, seed) {
  const script = new URL('../independent-client.mjs', import.meta.url).pathname
  const flags = [baseUrl, model, batch, input, output, 5, ...promptTokenRange, seed]
  const said = execFileSync('node', [script, ...flags.map(String)], { encoding: 'utf8' })
  const number = (name) => Number(new RegExp(`${name} ([\\d.]+)`).exec(said)[1])
  return { ttft: number('ttft'), tpot: number('tpot') }
}

const percent = (share) => `${(100 * share).toFixed(1)} %`
const rows = []
try {
  for (const shape of shapes) {
    const ours = []
    const theirs = []
    // In turns, so that a change of the host strikes both.
    for (let round = 0; round < Number(options.rounds); round += 1) {
      // Prompts that no earlier round sent: a cache of prefixes would know them.
      const seed = 1 + rows.length * Number(options.rounds) + round
      ours.push(fmwork(shape, seed))
      theirs.push(independent(shape, seed))
    }
    const of = (list, key) => median(list.map((each) => each[key]))
    const doubted = new Set(ours.flatMap(({ doubts }) => doubts))
    rows.push({
      ...shape,
      ttft_ms: of(ours, 'ttft').toFixed(3),
      independent_ttft_ms: of(theirs, 'ttft').toFixed(3),
      ttft_apart: percent(of(ours, 'ttft') / of(theirs, 'ttft') - 1),
      tpot_ms: of(ours, 'tpot').toFixed(3),
      independent_tpot_ms: of(theirs, 'tpot').toFixed(3),
      tpot_apart: percent(of(ours, 'tpot') / of(theirs, 'tpot') - 1),
      doubts: [...doubted].join(', ') || 'none',
    })
  }
} finally {
  await engine.stop()
  rmSync(folder, { recursive: true, force: true })
}
console.table(rows)
if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(rows, null, 2)}\n`)
