import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Counter, Gauge, Registry } from 'prom-client'
import { FmworkError } from '../../shared/domain/errors.js'
import {
  boundConnections,
  defaultHttpLimits,
  httpServerOptions,
  limitRequests,
} from '../../shared/rpc/http-limits.js'
import type { HttpLimits } from '../../shared/rpc/http-limits.js'
import { systemClock } from '../../shared/process/clock.js'
import { formatAddress, isLoopback, parseAddress } from '../../shared/process/config.js'
import { processMetrics } from '../../shared/process/process-metrics.js'

/** What an agent tells of itself besides its process. */
export interface AgentVitals {
  readonly connected: boolean
  /** Blocks that it serves now. */
  readonly leases: number
  /** Report batches that the coordinator has not acknowledged yet. */
  readonly outboxBatches: number
  /** Items that the coordinator would not take. */
  readonly quarantined: number
  /** Samples and telemetry given up because the outbox was full. */
  readonly dropped: number
}

export interface MetricsPage {
  readonly url: string
  close(): Promise<void>
}

const figures = {
  connected: ['fmwork_agent_session', '1 while a session with the coordinator is open'],
  leases: ['fmwork_agent_leases', 'Blocks that the agent serves now'],
  outboxBatches: ['fmwork_agent_outbox_batches', 'Report batches not acknowledged yet'],
  quarantined: ['fmwork_agent_quarantined_items', 'Items that the coordinator would not take'],
} as const satisfies Record<Exclude<keyof AgentVitals, 'dropped'>, readonly [string, string]>

/** A page of Prometheus’ text format. */
export function vitalsText(vitals: AgentVitals): Promise<string> {
  const registry = new Registry()
  for (const [key, [name, help]] of Object.entries(figures)) {
    new Gauge({ name, help, registers: [registry] }).set(Number(vitals[key as keyof AgentVitals]))
  }
  new Counter({
    name: 'fmwork_agent_dropped_items_total',
    help: 'Samples and telemetry given up since it started: the outbox was full',
    registers: [registry],
  }).inc(vitals.dropped)
  return registry.metrics()
}

/**
 * Serves `GET /metrics` on loopback: the coordinator’s own page tells of every agent, this one of what
 * waits on the node’s disk.
 *
 * @throws FmworkError USAGE, INSECURE_BIND, PORT_IN_USE
 */
export async function openMetricsPage(
  listen: string,
  vitals: () => AgentVitals,
  limits: HttpLimits = defaultHttpLimits,
): Promise<MetricsPage> {
  const { host, port } = parseAddress(listen, '--metrics-listen')
  if (!isLoopback(host)) {
    throw new FmworkError('INSECURE_BIND', `refusing to serve metrics on ${listen}`, {
      hint: 'Listen on 127.0.0.1 and let a node exporter or proxy carry it on.',
    })
  }
  const ofProcess = processMetrics()
  const page = async () => `${await vitalsText(vitals())}\n${await ofProcess.metrics()}`
  const serve: RequestListener = (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    page().then(
      (text) => response.writeHead(200, { 'content-type': ofProcess.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  }
  const tooMany: RequestListener = (_request, response) => void response.writeHead(429).end()
  const server = createServer(
    httpServerOptions(limits),
    limitRequests(limits, systemClock, tooMany, serve),
  )
  boundConnections(server, limits, systemClock)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE'
      reject(
        new FmworkError(inUse ? 'PORT_IN_USE' : 'USAGE', `cannot listen on ${listen}`, {
          cause: error,
        }),
      )
    })
    server.listen({ host, port }, resolve)
  })
  const bound = formatAddress({ host, port: (server.address() as AddressInfo).port })
  return {
    url: `http://${bound}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
