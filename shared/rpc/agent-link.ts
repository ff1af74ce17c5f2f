import type { Introduction } from './codec/agent-facts.js'
import type { AgentLine } from '../domain/agent-desk.js'
import type { ReportBatch, ReportReceipt } from '../domain/report-item.js'
import type { Clock } from '../process/clock.js'
import type { Log } from '../process/log.js'
import { withoutSecretsIn } from '../process/secrets.js'
import { call, channelCredentials, channelOptions } from './channel.js'
import type { ChannelAccess } from './channel.js'
import { batchToWire, receiptFromWire } from './codec/report.js'
import { ClientSession } from './client-session.js'
import type { AgentSession } from './client-session.js'
import type { ReportResponse } from './gen/fmwork/v1/ReportResponse.js'
import { AgentService } from './schema.js'
import { tlsSource } from './tls.js'

export type { AgentSession, Welcome } from './client-session.js'
export type { Introduction, Pulse } from './codec/agent-facts.js'

/** An agent’s way to its coordinator. Sessions come and go; the link stays. */
export interface AgentLink {
  /** HOST:PORT of the coordinator. */
  readonly address: string
  /**
   * Says hello and waits for the welcome.
   *
   * @throws FmworkError COORDINATOR_UNREACHABLE, VERSION_MISMATCH, AUTHENTICATION_FAILED, …
   */
  openSession(introduction: Introduction, line: AgentLine): Promise<AgentSession>
  /** Sends one batch; safe to repeat. @throws FmworkError */
  report(batch: ReportBatch): Promise<ReportReceipt>
  close(): void
}

export interface LinkOptions extends ChannelAccess {
  readonly clock: Clock
  /** Hears of certificates that are replaced. */
  readonly log?: Log
}

/** Opens nothing yet: the first session or report does. */
export function connectAgentLink(address: string, options: LinkOptions): AgentLink {
  const source = options.tls === undefined ? undefined : tlsSource(options.tls)
  let tls = source?.current(options.log)
  const open = () => new AgentService(address, channelCredentials(tls), channelOptions(options))
  let client = open()
  /** With the newest certificates; what is under way on the one before ends there. */
  const newest = () => {
    const now = source?.current(options.log)
    if (now !== tls) {
      tls = now
      client.close()
      client = open()
    }
    return client
  }
  return {
    address,
    openSession: (introduction, line) =>
      ClientSession.open(newest().session(), {
        address,
        clock: options.clock,
        introduction: withoutSecretsIn(introduction),
        line,
      }),
    async report(batch) {
      const request = batchToWire(batch)
      return receiptFromWire(
        await call<ReportResponse>('Report', address, (limits, done) => {
          newest().report(request, limits, done)
        }),
      )
    },
    close: () => client.close(),
  }
}
