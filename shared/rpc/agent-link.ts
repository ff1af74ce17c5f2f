import type { Introduction } from './codec/agent-facts.js'
import type { AgentLine } from '../domain/agent-desk.js'
import type { ReportBatch, ReportReceipt } from '../domain/report-item.js'
import type { Clock } from '../process/clock.js'
import { withoutSecretsIn } from '../process/secrets.js'
import { call, channelCredentials, channelOptions } from './channel.js'
import type { ChannelAccess } from './channel.js'
import { batchToWire, receiptFromWire } from './codec/report.js'
import { ClientSession } from './client-session.js'
import type { AgentSession } from './client-session.js'
import type { ReportResponse } from './gen/fmwork/v1/ReportResponse.js'
import { AgentService } from './schema.js'

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
}

/** Opens nothing yet: the first session or report does. */
export function connectAgentLink(address: string, options: LinkOptions): AgentLink {
  const client = new AgentService(address, channelCredentials(options), channelOptions(options))
  return {
    address,
    openSession: (introduction, line) =>
      ClientSession.open(client.session(), {
        address,
        clock: options.clock,
        introduction: withoutSecretsIn(introduction),
        line,
      }),
    async report(batch) {
      const request = batchToWire(batch)
      return receiptFromWire(
        await call<ReportResponse>('Report', address, (limits, done) => {
          client.report(request, limits, done)
        }),
      )
    },
    close: () => client.close(),
  }
}
