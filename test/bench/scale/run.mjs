/* global setInterval, clearInterval */
/**
 * One coordinator as a process of its own, and simulated agents over real gRPC sessions in another:
 * how long a first lease takes, whether heartbeats are answered in time, how many samples a second are
 * taken in, and how the coordinator's memory goes. docs/BENCHMARKS-SCALE.md has the figures.
 *
 *   node test/bench/scale/run.mjs [--agents 100,300,1000] [--seconds 30] [--samples-per-trial 200]
 *                                 [--trial-seconds 20] [--spread-seconds 10] [--load-levels 64]
 *                                 [--crowd-threads 1] [--coordinator-on 0,1] [--crowd-on 2-15]
 *                                 [--node-options '--max-old-space-size=200'] [--profile FOLDER]
 *
 * An agent holds a lease, waits for as long as a trial would take, and reports it with its samples. The
 * space has 128 configurations per load level. Prints a line of JSON per number of agents; `cpuShare` is
 * the processor time of each side over the time on the wall, in cores, and of the coordinator’s main
 * thread alone; `agentsOwnDelayMs` is how late the agents’ side itself was at the 99th percentile, as it
 * has the same cores, unless --coordinator-on and --crowd-on name cores for each (by taskset; every
 * thread of the coordinator shares those named). --node-options are the coordinator’s. --profile writes a CPU profile of every thread of the coordinator.
 * Needs `npm run build`.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { connectSweepDesk } from '../../../dist/shared/rpc/sweep-desk-client.js'
import { agentCrowds } from './crowds.mjs'

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '100,300,1000' },
    seconds: { type: 'string', default: '30' },
    'samples-per-trial': { type: 'string', default: '200' },
    'trial-seconds': { type: 'string', default: '20' },
    'load-levels': { type: 'string', default: '64' },
    'spread-seconds': { type: 'string', default: '10' },
    'crowd-threads': { type: 'string', default: '1' },
    'coordinator-on': { type: 'string' },
    'crowd-on': { type: 'string' },
    'node-options': { type: 'string', default: '' },
    profile: { type: 'string' },
  },
})
const program = fileURLToPath(new URL('../../../dist/coordinator/main.js', import.meta.url))

const seconds = Number(values.seconds)
const trialSeconds = Number(values['trial-seconds'])
const sweep = [
  'name: scale',
  'model: fmwork-nano',
  'engines: [{kind: simulated}]',
  'space:',
  `  batch_size: {range: [1, ${values['load-levels']}]}`,
  '  input_tokens: {range: [1, 64]}',
  '  output_tokens: [8, 16]',
  '  hardware: cpu',
  'metrics: [ttft]',
  'strategy: {kind: random}',
  'goal: {accuracy: 0.999}',
  '',
].join('\n')

function startCoordinator(data) {
  const { profile } = values
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const options = ['--data', data, '--listen', '127.0.0.1:0']
  const words = [process.execPath, ...profiling, program, ...options]
  const cores = values['coordinator-on']
  const [file, ...rest] = cores === undefined ? words : ['taskset', '-c', cores, ...words]
  const child = spawn(file, rest, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: values['node-options'] },
  })
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the coordinator ended')))
    child.stdout.once('data', (line) => resolve({ child, address: JSON.parse(line).address }))
  })
}

/** Cores that any thread of a process may use, as the system lists them. */
function coresOf(pid) {
  const lists = readdirSync(`/proc/${pid}/task`).map((task) => {
    const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8')
    return /^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1]
  })
  return [...new Set(lists)].join(' ')
}

/** Resident bytes of a process. */
function residentBytes(pid) {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(found?.[1] ?? NaN) * 1024
}

/** Processor seconds of a process or of one of its threads so far. */
function processorSeconds(task) {
  const fields = readFileSync(`/proc/${task}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** What a process has asked of the disk so far: calls that write, and bytes that reached it. */
function writes(pid) {
  const text = readFileSync(`/proc/${pid}/io`, 'utf8')
  const field = (name) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? NaN)
  return { calls: field('syscw'), bytes: field('write_bytes') }
}

const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]
const milliseconds = (values) => ({
  p50: Number((quantile(values, 0.5) * 1000).toFixed(1)),
  p99: Number((quantile(values, 0.99) * 1000).toFixed(1)),
  most: Number((quantile(values, 1) * 1000).toFixed(1)),
})

/** At once; with a profile it closes in order first, as that is written at the end. */
async function ended(child) {
  const over = new Promise((resolve) => child.once('exit', resolve))
  child.kill(values.profile === undefined ? 'SIGKILL' : 'SIGTERM')
  await over
}

async function measure(agents) {
  const data = mkdtempSync(join(tmpdir(), 'fmwork-scale-'))
  const { child, address } = await startCoordinator(data)
  const desk = connectSweepDesk(address)
  const memory = []
  const watch = setInterval(() => memory.push(residentBytes(child.pid)), 10_000)
  try {
    await desk.submit(sweep)
    const began = process.hrtime.bigint()
    const before = {
      coordinator: processorSeconds(child.pid),
      mainThread: processorSeconds(`${child.pid}/task/${child.pid}`),
      agents: processorSeconds(process.pid),
    }
    const crowd = await agentCrowds(Number(values['crowd-threads']), address, {
      agents,
      seconds,
      spreadSeconds: Number(values['spread-seconds']),
      trialSeconds,
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
    return {
      agents,
      firstGrantMs: milliseconds(crowd.firstGrants),
      laterGrantMs: milliseconds(crowd.laterGrants),
      heartbeatAnswerMs: milliseconds(crowd.heartbeats),
      lateAnswers: crowd.lateAnswers,
      sessionsLost: crowd.sessionsLost,
      trials: crowd.trials,
      recorded: status.measured,
      sweepState: status.sweep.state,
      gaveUp: crowd.gaveUp,
      samplesPerSecond: Math.round(crowd.samples / (seconds - trialSeconds)),
      startedMs: milliseconds(crowd.starts),
      reportMs: milliseconds(crowd.reports),
      cpuShare,
      cores: { coordinator: coresOf(child.pid), agents: coresOf(process.pid) },
      agentsOwnDelayMs: Number((crowd.ownDelaySeconds * 1000).toFixed(1)),
      writes: writes(child.pid),
      residentMiBEvery10s: memory.map((bytes) => Math.round(bytes / 2 ** 20)),
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
for (const agents of values.agents.split(',').map(Number)) {
  console.log(JSON.stringify(await measure(agents)))
}
process.exit(0)
