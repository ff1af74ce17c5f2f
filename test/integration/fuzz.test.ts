import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCoordinator } from '../../coordinator/service/coordinator.js'
import type { RunningCoordinator } from '../../coordinator/service/coordinator.js'
import { systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { connectAgentLink } from '../../shared/rpc/agent-link.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { createRandom } from '../../shared/stats/random.js'
import { openMetricsPage } from '../../agent/session/metrics-page.js'
import type { MetricsPage } from '../../agent/session/metrics-page.js'
import { askMeanwhile, attack, Ledger } from '../bench/fuzz/campaign.js'
import type { Target } from '../bench/fuzz/campaign.js'
import { httpRoutes, httpTargets } from '../bench/fuzz/http-targets.js'
import { rpcTargets } from '../bench/fuzz/rpc-targets.js'
import { accessTable } from '../../shared/rpc/access/access-table.js'
import { openFakePlanner } from '../fixtures/fake-planner.js'
import { introduction } from './support/examples.js'
import { removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'

/**
 * A small, seeded share of the campaign that test/bench/fuzz/README.md describes: the same messages
 * from the start. FMWORK_FUZZ_COUNT, _SEED, _STATE and _SECONDS make it the whole one.
 */
const count = Number(process.env.FMWORK_FUZZ_COUNT ?? 40)
const seed = Number(process.env.FMWORK_FUZZ_SEED ?? 1)
const seconds = Number(process.env.FMWORK_FUZZ_SECONDS ?? 1e6)
const ledger = new Ledger(process.env.FMWORK_FUZZ_STATE)
const limitMs = 3_600_000

const sweepText = (name: string) => `
name: ${name}
model: fmwork-nano
engines: [{kind: simulated}]
space: {batch_size: [1, 2], input_tokens: [16], output_tokens: {range: [8, 12]}, where: "batch_size < 3"}
metrics: [ttft]
strategy: {kind: full-grid}
budget: {device_hours: 1}
slo: {ttft: {p95: 500ms}}
`

let coordinator: RunningCoordinator
let rpc: ReturnType<typeof rpcTargets>
let http: ReturnType<typeof httpTargets>
let agentPage: MetricsPage
let agentHttp: ReturnType<typeof httpTargets>
/** The route of an agent’s own page: another port, another server. */
const agentRoute = 'GET /metrics#agent'
const began = systemClock.monotonic()
const enough = () => systemClock.monotonic() - began > seconds

beforeAll(async () => {
  coordinator = await openCoordinator({
    dataDir: temporaryFolder(),
    listen: '127.0.0.1:0',
    http: '127.0.0.1:0',
    log: createLog({ name: 'fuzz', level: process.env.FMWORK_TEST_LOG ?? 'silent' }),
    openPlanner: openFakePlanner(),
  })
  // By its name, which is the same in every run: so are the messages of a seed.
  await coordinator.sweepDesk.submit(sweepText('fuzzed'))
  rpc = rpcTargets(coordinator.address, [sweepText('fuzzed')], 'fuzzed')
  http = httpTargets(coordinator.dashboard ?? '', httpRoutes('fuzzed'))
  agentPage = await openMetricsPage('127.0.0.1:0', () => ({
    connected: true,
    leases: 1,
    outboxBatches: 0,
    quarantined: 0,
    dropped: 0,
  }))
  agentHttp = httpTargets(agentPage.url, [agentRoute])
})
afterAll(async () => {
  ledger.keep()
  rpc.close()
  http.close()
  agentHttp.close()
  await agentPage.close()
  await coordinator.close(0.2)
  removeTemporaryFolders()
})

async function honestClientsAreServed(): Promise<void> {
  const desk = connectSweepDesk(coordinator.address)
  expect((await desk.list()).length).toBeGreaterThan(0)
  desk.close()
  const link = connectAgentLink(coordinator.address, { clock: systemClock })
  const quiet = { revoke: () => undefined, drain: () => undefined, wake: () => undefined }
  const session = await link.openSession(introduction('honest'), quiet)
  expect(await session.renew([])).toEqual([])
  await session.close()
  link.close()
  for (const url of [new URL('/api/v1/session', coordinator.dashboard), agentPage.url]) {
    const page = await fetch(url)
    expect(page.status).toBe(200)
    await page.arrayBuffer()
  }
}

/** Sends what is left for one target; nothing may be the coordinator’s own fault. */
async function withstood({ name, ...target }: Target): Promise<void> {
  const tally = ledger.of(name)
  const desk = connectSweepDesk(coordinator.address)
  const over = new AbortController()
  const asking = askMeanwhile(() => desk.list(), tally, systemClock, over.signal)
  await attack({ name, ...target }, tally, { seed, count, atOnce: 16, enough })
  over.abort()
  await asking
  desk.close()
  ledger.keep()
  expect({ name, faults: tally.faults.slice(0, 3) }).toEqual({ name, faults: [] })
  if (!enough()) expect(tally.done).toBe(count)
  await honestClientsAreServed()
}

const pathOf = (route: string) => route.split('\n')[0]?.split('?')[0] ?? route

describe(`mutated messages (seed ${seed}, ${count} each)`, () => {
  it.each(Object.keys(accessTable).filter((path) => path.startsWith('/fmwork.')))(
    '%s',
    async (path) => {
      const target = rpc.targets.find(({ name }) => name === path)
      if (target === undefined) throw new Error(`no target ${path}`)
      await withstood(target)
    },
    limitMs,
  )

  it.each(httpRoutes('fuzzed').map(pathOf))(
    '%s',
    async (route) => {
      const target = http.targets.find(({ name }) => name === route)
      if (target === undefined) throw new Error(`no target ${route}`)
      await withstood(target)
    },
    limitMs,
  )

  it(
    agentRoute,
    async () => {
      const [target] = agentHttp.targets
      if (target === undefined) throw new Error('no target')
      await withstood(target)
    },
    limitMs,
  )
})

describe('random bytes', () => {
  const random = createRandom(seed).fork('bytes')
  const openings = ['', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'GET / HTTP/1.1\r\n', 'POST /']

  it.each(['gRPC', 'HTTP', 'agent’s metrics'])(
    'on the %s port',
    async (door) => {
      const urls: Readonly<Record<string, string | undefined>> = {
        gRPC: `http://${coordinator.address}`,
        HTTP: coordinator.dashboard,
        'agent’s metrics': agentPage.url,
      }
      const { hostname, port } = new URL(urls[door] ?? '')
      const tally = ledger.of(`random bytes, ${door}`)
      const knocks = process.env.FMWORK_FUZZ_COUNT === undefined ? 200 : count
      while (tally.done < knocks && !enough()) {
        tally.done += 1
        // Strangers of many addresses, where loopback has them: one alone would be let in no more.
        const { done } = tally
        const stranger = process.platform === 'linux' ? `127.0.1.${1 + (done % 250)}` : hostname
        await new Promise<void>((resolve) => {
          const socket = connect({ host: hostname, port: Number(port), localAddress: stranger })
          socket.on('error', () => socket.destroy())
          socket.on('close', () => resolve())
          socket.resume()
          socket.write(openings[random.below(openings.length)] ?? '')
          socket.end(
            Buffer.from(Array.from({ length: random.below(2000) }, () => random.below(256))),
          )
          // Whoever sent all it wanted and is not answered leaves.
          socket.on('finish', () => setImmediate(() => socket.destroy()))
        })
      }
      ledger.keep()
      await honestClientsAreServed()
    },
    limitMs,
  )
})
