// Attacks both doors of coordinators that run as users run them, and watches them and honest callers:
//   npm run build && node test/bench/fuzz/hostile.mjs [SECONDS_PER_ATTACK] [PART_OF_NAME]
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { clearInterval, setInterval } from 'node:timers'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { systemClock } from '../../../dist/shared/process/clock.js'
import { connectAgentLink } from '../../../dist/shared/rpc/agent-link.js'
import { connectSweepDesk } from '../../../dist/shared/rpc/sweep-desk-client.js'
import { attacks } from './attacks.mjs'

const seconds = Number(process.argv[2] ?? 30)
const wanted = process.argv[3] ?? ''
const main = new URL('../../../dist/cli/main.js', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'fmwork-hostile-'))
const fmwork = (...args) => execFileSync(process.execPath, [main, ...args], { cwd: folder })

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** A coordinator in a process of its own; resolves when it answers. */
async function coordinator(name, access, ...options) {
  const [rpc, http] = [await freePort(), await freePort()]
  const args = ['coordinator', '--data', name, '--listen', `127.0.0.1:${rpc}`]
  const child = spawn(
    process.execPath,
    [main, ...args, '--http', `127.0.0.1:${http}`, '--log-file', `${name}.log`, ...options],
    { cwd: folder, stdio: 'inherit' },
  )
  let exit
  child.once('exit', (code, signal) => {
    exit = `exit ${code ?? signal}`
  })
  const desk = connectSweepDesk(`127.0.0.1:${rpc}`, access)
  while (
    !(await desk.list().then(
      () => true,
      () => false,
    ))
  ) {
    if (exit !== undefined) throw new Error(exit)
    await sleep(100)
  }
  const rssMib = () => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
  }
  const url = `${access.tls === undefined ? 'http' : 'https'}://127.0.0.1:${http}/api/v1/session`
  return { rpc, http, url, desk, access, rssMib, exit: () => exit, end: () => child.kill() }
}

fmwork('certs', 'init')
fmwork('certs', 'coordinator', '--host', '127.0.0.1')
const certificate = (name) => {
  const found = execFileSync('find', ['.', '-name', name], { cwd: folder, encoding: 'utf8' })
  return join(folder, found.trim().split('\n')[0])
}
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0' // For the page only: gRPC checks its own.
const authority = readFileSync(certificate('ca.crt'), 'utf8')
const plain = await coordinator('plain', {})
const secure = await coordinator(
  'secure',
  { tls: { ca: authority } },
  '--tls-cert',
  certificate('coordinator.crt'),
  '--tls-key',
  certificate('coordinator.key'),
)
const doors = {
  rpc: [plain, plain.rpc],
  http: [plain, plain.http],
  rpcTls: [secure, secure.rpc],
  httpTls: [secure, secure.http],
}

/** One honest caller; what it waited, and how often it was not served. */
async function asks(ask, signal) {
  const waits = []
  let failures = 0
  while (!signal.aborted) {
    const began = performance.now()
    await ask().catch(() => {
      failures += 1
    })
    waits.push(performance.now() - began)
    await sleep(100)
  }
  waits.sort((a, b) => a - b)
  const at = (share) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))]
  const [p99, worst] = [at(0.99), at(1)].map((wait) => wait.toFixed(0))
  return `${p99} / ${worst} ms${failures === 0 ? '' : `, ${failures} of ${waits.length} failed`}`
}

const introduction = {
  agent: 'honest',
  hardware: 'sim',
  deviceCount: 1,
  engines: ['simulated'],
  environment: {
    hostname: 'honest',
    os: process.platform,
    kernel: '',
    cpuModel: '',
    cpuCount: 2,
    memoryBytes: 8e9,
    devices: [{ id: 'cpu', name: 'cpu', memoryBytes: 8e9 }],
    agentVersion: '0.1.0',
    nodeVersion: process.version,
  },
  held: [],
}
const quiet = { revoke: () => undefined, drain: () => undefined, wake: () => undefined }

async function withstand(name) {
  const [target, port] = doors[attacks[name].door]
  const link = connectAgentLink(`127.0.0.1:${target.rpc}`, { clock: systemClock, ...target.access })
  const session = await link.openSession(introduction, quiet)
  let lost
  void session.over.then((reason) => {
    lost = reason.message
  })
  const beat = setInterval(() => session.heartbeat({ activity: 'idle', eventLoopLagMs: 1 }), 2000)
  const over = new AbortController()
  const before = target.rssMib()
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, target.rssMib())
  }, 200)
  const worker = new Worker(new URL('attacker.mjs', import.meta.url), {
    workerData: { name, port },
  })
  const tally = new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  const honest = Promise.all([
    asks(() => target.desk.list(), over.signal),
    asks(async () => {
      const page = await globalThis.fetch(target.url, { headers: { connection: 'close' } })
      await page.arrayBuffer()
      if (page.status !== 200) throw new Error(String(page.status))
    }, over.signal),
  ])
  await sleep(seconds * 1000)
  over.abort()
  const [rpcWait, httpWait] = await honest
  worker.postMessage('enough')
  const { connections, thrownOut, sent } = await tally
  await sleep(3000)
  clearInterval(watch)
  clearInterval(beat)
  const memory = [before, most, target.rssMib()].map((mib) => mib.toFixed(0)).join(' / ')
  const agent = lost ?? 'kept'
  await session.close()
  link.close()
  const crash = target.exit() ?? 'none'
  console.log(
    `| ${name} | ${connections} | ${thrownOut} | ${sent} | ${rpcWait} | ${httpWait} | ${agent} | ${memory} | ${crash} |`,
  )
}

console.log(
  '| attack | connections | thrown out | sent | honest gRPC, p99 / worst | honest HTTP, p99 / worst | honest agent’s session | MiB before / most / after | crash |\n|---|---|---|---|---|---|---|---|---|',
)
try {
  for (const name of Object.keys(attacks).filter((each) => each.includes(wanted)))
    await withstand(name)
} finally {
  plain.end()
  secure.end()
  rmSync(folder, { recursive: true })
}
process.exit()
