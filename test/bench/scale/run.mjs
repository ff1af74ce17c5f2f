/* global setInterval, clearInterval */
/**
 * One coordinator as a process of its own, and simulated agents over real gRPC sessions in another:
 * how long a lease takes, whether heartbeats are answered in time, how many samples a second are taken
 * in, and how the coordinator's memory goes. docs/BENCHMARKS-SCALE.md has the figures.
 *
 *   node test/bench/scale/run.mjs [--agents 100,300,1000] [--seconds 30] [--samples-per-trial 200]
 *                                 [--trial-seconds 20] [--spread-seconds 10] [--load-levels N]
 *                                 [--crowd-threads 1] [--coordinator-on 0,1] [--crowd-on 2-15]
 *                                 [--node-options '--max-old-space-size=200'] [--profile FOLDER]
 *                                 [--of COMMIT]
 *
 * An agent holds a lease, waits for as long as a trial would take, and reports it with its samples. The
 * space has 128 configurations per load level, and half as many again as can be measured unless
 * --load-levels says otherwise: a sweep that is complete before the run is makes it `valid: false`, and
 * the exit code 1, as agents then wait for nothing. Prints a line of JSON per number of agents. A grant's
 * wait is from the first asking to the lease, refusals in between included; `minutes` are the whole
 * minutes in which all agents were at work; `threads` what the coordinator's own threads said of
 * themselves (inside.mjs). `cpuShare` is the processor time of each side over the time on the wall, in
 * cores, and of the coordinator’s main thread alone; `agentsOwnDelayMs` is how late the agents’ side
 * itself was at the 99th percentile, as it has the same cores, unless --coordinator-on and --crowd-on name
 * cores for each (by taskset; every thread of the coordinator shares those named). --node-options are the
 * coordinator’s. --profile writes a CPU profile of every thread of the coordinator. --of is told again in
 * what is printed. Needs `npm run build`.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { connectSweepDesk } from '../../../dist/shared/rpc/sweep-desk-client.js'
import { agentCrowds } from './crowds.mjs'
import { byMinute, milliseconds } from './figures.mjs'
import { coresOf, processorSeconds, residentMiB, writes } from './process-figures.mjs'

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '100,300,1000' },
    seconds: { type: 'string', default: '30' },
    'samples-per-trial': { type: 'string', default: '200' },
    'trial-seconds': { type: 'string', default: '20' },
    'load-levels': { type: 'string' },
    'spread-seconds': { type: 'string', default: '10' },
    'crowd-threads': { type: 'string', default: '1' },
    'coordinator-on': { type: 'string' },
    'crowd-on': { type: 'string' },
    'node-options': { type: 'string', default: '' },
    profile: { type: 'string' },
    of: { type: 'string' },
  },
})
const program = fileURLToPath(new URL('../../../dist/coordinator/main.js', import.meta.url))
const inside = new URL('./inside.mjs', import.meta.url)

const seconds = Number(values.seconds)
const trialSeconds = Number(values['trial-seconds'])
const spreadSeconds = Number(values['spread-seconds'])

const perLevel = 128
const levelsFor = (agents) =>
  Math.ceil((1.5 * agents * (1 + (spreadSeconds + seconds) / trialSeconds)) / perLevel)

const sweepFor = (agents) =>
  [
    'name: scale',
    'model: fmwork-nano',
    'engines: [{kind: simulated}]',
    'space:',
    `  batch_size: {range: [1, ${values['load-levels'] ?? levelsFor(agents)}]}`,
    '  input_tokens: {range: [1, 64]}',
    '  output_tokens: [8, 16]',
    '  hardware: cpu',
    'metrics: [ttft]',
    'strategy: {kind: random}',
    'goal: {accuracy: 0.999}',
    '',
  ].join('\n')

function startCoordinator(data, figures) {
  const { profile } = values
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const options = ['--data', data, '--listen', '127.0.0.1:0']
  const words = [process.execPath, '--import', inside.href, ...profiling, program, ...options]
  const cores = values['coordinator-on']
  const [file, ...rest] = cores === undefined ? words : ['taskset', '-c', cores, ...words]
  const child = spawn(file, rest, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: values['node-options'], FMWORK_BENCH_INSIDE: figures },
  })
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the coordinator ended')))
    child.stdout.once('data', (line) => resolve({ child, address: JSON.parse(line).address }))
  })
}

/** What each thread said of itself, one list per figure. */
function threadsIn(figures) {
  const threads = {}
  if (!existsSync(figures)) return threads
  for (const line of readFileSync(figures, 'utf8').trim().split('\n')) {
    const { thread, ...told } = JSON.parse(line)
    const lists = (threads[thread] ??= {})
    for (const [name, value] of Object.entries(told)) (lists[name] ??= []).push(value)
  }
  return threads
}

/** At once; with a profile it closes in order first, as that is written at the end. */
async function ended(child) {
  const over = new Promise((resolve) => child.once('exit', resolve))
  child.kill(values.profile === undefined ? 'SIGKILL' : 'SIGTERM')
  await over
}

async function measure(agents) {
  const data = mkdtempSync(join(tmpdir(), 'fmwork-scale-'))
  const figures = join(data, 'inside.jsonl')
  const { child, address } = await startCoordinator(data, figures)
  const desk = connectSweepDesk(address)
  const memory = []
  const watch = setInterval(() => memory.push(residentMiB(child.pid)), 10_000)
  try {
    await desk.submit(sweepFor(agents))
    const began = process.hrtime.bigint()
    const before = {
      coordinator: processorSeconds(child.pid),
      mainThread: processorSeconds(`${child.pid}/task/${child.pid}`),
      agents: processorSeconds(process.pid),
    }
    const crowd = await agentCrowds(Number(values['crowd-threads']), address, {
      ...{ agents, seconds, spreadSeconds, trialSeconds },
      samplesPerTrial: Number(values['samples-per-trial']),
    })
    const wall = Number(process.hrtime.bigint() - began) / 1e9
    const share = (pid, from) => Number(((processorSeconds(pid) - from) / wall).toFixed(2))
    const cpuShare = {
      coordinator: share(child.pid, before.coordinator),
      mainThread: share(`${child.pid}/task/${child.pid}`, before.mainThread),
      agents: share(process.pid, before.agents),
    }
    const { status } = await desk.get('scale')
    const { state, reason } = status.sweep
    // While everybody is at work: neither as they come nor as they go.
    const [from, until] = [spreadSeconds + trialSeconds, spreadSeconds + seconds]
    const taken = crowd.taken.filter(({ at }) => at > from && at < until)
    return {
      valid: state === 'RUNNING',
      of: values.of,
      agents,
      firstGrantMs: milliseconds(crowd.firstGrants),
      laterGrantMs: milliseconds(crowd.laterGrants),
      refusals: crowd.refusals,
      heartbeatAnswerMs: milliseconds(crowd.heartbeats),
      lateAnswers: crowd.lateAnswers,
      sessionsLost: crowd.sessionsLost,
      gaveUp: crowd.gaveUp,
      trials: crowd.taken.length,
      sweep: { state, reason, configurations: status.configurations, measured: status.measured },
      samplesPerSecond: Math.round(
        taken.reduce((sum, { samples }) => sum + samples, 0) / (until - from),
      ),
      measuredSeconds: until - from,
      minutes: byMinute(crowd, from, until),
      startedMs: milliseconds(crowd.starts),
      reportMs: milliseconds(crowd.reports),
      cpuShare,
      cores: { coordinator: coresOf(child.pid), agents: coresOf(process.pid) },
      agentsOwnDelayMs: Number((crowd.ownDelaySeconds * 1000).toFixed(1)),
      writes: writes(child.pid),
      residentMiBEvery10s: memory.map(({ all }) => all),
      ownMiBEvery10s: memory.map(({ own }) => own),
      threads: threadsIn(figures),
    }
  } finally {
    clearInterval(watch)
    desk.close()
    child.removeAllListeners('exit')
    await ended(child)
    rmSync(data, { recursive: true, force: true })
  }
}

if (values['crowd-on'] !== undefined) {
  execFileSync('taskset', ['-acp', values['crowd-on'], String(process.pid)], { stdio: 'ignore' })
}
let valid = true
for (const agents of values.agents.split(',').map(Number)) {
  const result = await measure(agents)
  valid &&= result.valid
  console.log(JSON.stringify(result))
}
if (!valid)
  console.error('a sweep was over before the run: waits of agents that ask then mean nothing')
process.exit(valid ? 0 : 1)
