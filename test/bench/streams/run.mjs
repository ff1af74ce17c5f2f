// Measures `fmwork measure` against a server whose send times are known (known-server.mjs):
//   npm run build && node test/bench/streams/run.mjs [--out FILE.json] [--only streams|rates|requests]
// Prints a table per question; ends with 1 when a figure is off by more than 2 % (rate: 1 %) unmarked.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: {
    out: { type: 'string' },
    only: { type: 'string' },
    fmwork: { type: 'string', default: 'dist/cli/main.js' },
    streams: { type: 'string', default: '100,500,1000,2000' },
    rates: { type: 'string', default: '10,100,1000' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'fmwork-streams-'))
const server = spawn('node', [new URL('known-server.mjs', import.meta.url).pathname], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const port = await new Promise((resolve) =>
  server.stdout.once('data', (line) => resolve(JSON.parse(line).port)),
)
const serverLog = async () => {
  const answer = await new Promise((resolve) =>
    get({ host: '127.0.0.1', port, path: '/log?clear' }, resolve),
  )
  return json(answer)
}

const quantile = (values, share) => {
  const ascending = [...values].sort((a, b) => a - b)
  const at = (ascending.length - 1) * share
  const low = ascending[Math.floor(at)]
  return low + (ascending[Math.ceil(at)] - low) * (at - Math.floor(at))
}
const lines = (file) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

/** One `fmwork measure` of `count` requests, beside what the server says of the same requests. */
async function measure(count, { ttft, gap, tokens, flags }) {
  const prompts = join(folder, 'prompts.jsonl')
  const raw = join(folder, 'raw.jsonl')
  const text = Array.from({ length: count }, (_, n) =>
    JSON.stringify({ prompt: `r${n} ${ttft} ${gap}`, output_tokens: tokens }),
  )
  writeFileSync(prompts, text.join('\n'))
  await serverLog()
  const command = [options.fmwork, 'measure', '--port', port, '--dataset-name', 'custom']
  command.push('--dataset-path', prompts, '--num-prompts', count, '--ignore-eos', '--json')
  command.push('--raw', raw, '--metric-percentiles', '50,99', ...flags)
  const child = spawn('node', command.map(String), { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (piece) => (said += piece))
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (said === '') throw new Error(`fmwork measure ended with ${code}`)
  const result = JSON.parse(said)
  const truth = new Map((await serverLog()).filter(({ n }) => n >= 0).map((each) => [each.n, each]))
  const requests = lines(raw)
    .slice(1)
    .filter(({ warm_up, outcome }) => !warm_up && outcome === 'ok')
  return { result, requests, truth }
}

const perToken = (times) => (times.at(-1) - times[0]) / (times.length - 1)
const error = (got, true_, share) => quantile(got, share) / quantile(true_, share) - 1
const clientKinds = ['event_loop_lag', 'client_saturated', 'schedule_lag', 'host_busy']
const marks = ({ measurement }) =>
  measurement.doubts
    .filter(({ kind }) => clientKinds.includes(kind))
    .map(({ kind, severity }) => `${kind} (${severity})`)

const percent = (share) => `${(100 * share).toFixed(2)} %`
const rows = { streams: [], rates: [], requests: [] }
let unmarked = 0

/** Each stream: 50 tokens/s, first token after 200 ms. */
async function streamsRow(streams) {
  const tokens = 100
  const { result, requests, truth } = await measure(3 * streams, {
    ttft: 200,
    gap: 20,
    tokens,
    flags: ['--max-concurrency', streams],
  })
  const known = requests.map((request) => truth.get(request.request))
  const trueTtft = known.map(({ received, wrote }) => wrote[0] - received)
  const trueTpot = known.map(({ wrote }) => perToken(wrote))
  const ttft = requests.map(({ sent, chunks }) => chunks[0] - sent)
  const tpot = requests.map(({ chunks }) => perToken(chunks))
  const errors = {
    ttft_median: error(ttft, trueTtft, 0.5),
    ttft_p99: error(ttft, trueTtft, 0.99),
    tpot_median: error(tpot, trueTpot, 0.5),
    tpot_p99: error(tpot, trueTpot, 0.99),
  }
  const count = tokens * requests.length
  const { client, vllm } = result
  const off = Object.values(errors).some((each) => Math.abs(each) > 0.02)
  const doubts = marks(result)
  if (off && doubts.length === 0) unmarked += 1
  rows.streams.push({
    streams,
    failed: vllm.failed,
    tokens_per_s: Math.round(count / vllm.duration),
    ...Object.fromEntries(Object.entries(errors).map(([name, each]) => [name, percent(each)])),
    doubts: doubts.join(', ') || 'none',
    client_cpu_s_per_1000_tokens: ((1000 * client.cpuSeconds) / count).toFixed(4),
    tokens_per_s_per_core: Math.round(count / client.cpuSeconds),
    client_memory_per_stream_kB: Math.round(client.peakResidentBytes / 1000 / streams),
    off_by_more_than_2_percent: off,
  })
}

async function ratesRow(rate) {
  const count = Math.max(100, rate * 10)
  const { result, truth } = await measure(count, {
    ttft: 50,
    gap: 5,
    tokens: 4,
    flags: ['--request-rate', rate, '--burstiness', 'inf'],
  })
  const received = [...truth.values()].map((each) => each.received).sort((a, b) => a - b)
  const achieved = (received.length - 1) / ((received.at(-1) - received[0]) / 1e9)
  const off = Math.abs(achieved / rate - 1) > 0.01
  const doubts = marks(result)
  if (off && doubts.length === 0) unmarked += 1
  rows.rates.push({
    asked_per_s: rate,
    achieved_per_s: achieved.toFixed(2),
    error: percent(achieved / rate - 1),
    failed: result.vllm.failed,
    doubts: doubts.join(', ') || 'none',
    client_cpu_ms_per_request: ((1000 * result.client.cpuSeconds) / count).toFixed(3),
  })
}

/** As many one-token requests as the client manages, 32 at a time. */
async function requestsRow() {
  const count = 10_000
  const { result } = await measure(count, {
    ttft: 0,
    gap: 0,
    tokens: 1,
    flags: ['--max-concurrency', 32],
  })
  rows.requests.push({
    requests: count,
    requests_per_s: Math.round(count / result.vllm.duration),
    requests_per_s_per_core: Math.round(count / result.client.cpuSeconds),
    doubts: marks(result).join(', ') || 'none',
  })
}

const numbers = (list) => list.split(',').map(Number)
try {
  const wants = (what) => options.only === undefined || options.only === what
  if (wants('streams')) for (const streams of numbers(options.streams)) await streamsRow(streams)
  if (wants('rates')) for (const rate of numbers(options.rates)) await ratesRow(rate)
  if (wants('requests')) await requestsRow()
} finally {
  server.stdin.end()
  rmSync(folder, { recursive: true, force: true })
}
console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`)
for (const table of Object.values(rows)) if (table.length > 0) console.table(table)
if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(rows, null, 2)}\n`)
console.log(`${unmarked} figures off and unmarked`)
process.exitCode = unmarked === 0 ? 0 : 1
