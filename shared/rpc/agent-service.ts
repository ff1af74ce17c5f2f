import type { handleUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js'
import type { AgentDesk } from '../domain/agent-desk.js'
import type { Clock } from '../process/clock.js'
import type { Log } from '../process/log.js'
import { callerNamePattern } from '../domain/access.js'
import { FmworkError } from '../domain/errors.js'
import { invalidMessage } from './codec/parts.js'
import type { RawReport } from './codec/raw-report.js'
import { batchFromWire, readReport } from './codec/report.js'
import { failureStatus, shuttingDown } from './failure.js'
import type { Limits } from './limits.js'
import { ReportIntake } from './report-intake.js'
import { servedSession } from './served-session.js'
import type { ServedSession, SessionCall } from './served-session.js'
import type { AgentServiceHandlers } from './gen/fmwork/v1/AgentService.js'
import type { ReportResponse } from './gen/fmwork/v1/ReportResponse.js'

/** The service’s, but for reports that come undecoded. */
interface Handlers extends UntypedServiceImplementation {
  readonly Session: AgentServiceHandlers['Session']
  readonly Report: handleUnaryCall<RawReport, ReportResponse>
}

/** The agents’ door: an {@link AgentDesk} behind `AgentService`. */
export class AgentDoor {
  readonly #desk: AgentDesk
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #log: Log
  readonly #sessions = new Set<ServedSession>()
  readonly #reports = new ReportIntake()
  #closing = false

  constructor(desk: AgentDesk, limits: Limits, clock: Clock, log: Log) {
    this.#desk = desk
    this.#limits = limits
    this.#clock = clock
    this.#log = log
  }

  get sessions(): number {
    return this.#sessions.size
  }

  /** For {@link rawAgentService}. */
  handlers(): Handlers {
    return {
      Session: (call) => {
        this.#serve(call)
      },
      Report: (call, done) => {
        const { request } = call
        const recorded = this.#reports.run(request.bytes, () => this.#record(request))
        recorded.then(
          (receipt) => done(null, receipt),
          (thrown: unknown) => done(failureStatus(thrown, this.#log, 'Report')),
        )
      },
    }
  }

  /** Tells every agent to finish its trial and ask for no more; takes no new session. */
  drain(reason: string): void {
    this.#closing = true
    for (const session of this.#sessions) session.drain(reason)
  }

  /** Ends every session; the agents come back when somebody listens again. */
  async end(): Promise<void> {
    this.#closing = true
    await Promise.all([...this.#sessions].map((session) => session.end(shuttingDown())))
  }

  #serve(call: SessionCall): void {
    const session = servedSession(call, {
      desk: this.#desk,
      limits: this.#limits,
      clock: this.#clock,
      log: this.#log,
      named: (agent) => {
        this.#replace(agent, session)
      },
    })
    if (this.#closing) void session.end(shuttingDown())
    else if (this.#sessions.size >= this.#limits.sessions) {
      const { sessions } = this.#limits
      void session.end(new FmworkError('LIMIT_EXCEEDED', `${sessions} sessions are open`))
    }
    this.#sessions.add(session)
    void session.over.then(() => this.#sessions.delete(session))
  }

  /** One live session per name: the newest. The older one’s agent is dead, or a namesake. */
  #replace(agent: string, by: ServedSession): void {
    for (const session of this.#sessions) {
      if (session === by || session.agent !== agent) continue
      this.#log.warn({ agent }, 'a second session under one agent name replaces the first')
      void session.end(
        new FmworkError('COORDINATOR_UNREACHABLE', `another session took the name ${agent}`, {
          hint: 'Give every agent a --name of its own.',
        }),
      )
    }
  }

  async #record({ agent, bytes }: RawReport) {
    const request = readReport(bytes)
    // The guard has held the call against this name.
    if (request.agent !== agent) {
      throw invalidMessage('report.agent', 'expected one name')
    }
    if (!callerNamePattern.test(request.agent)) {
      throw invalidMessage('report.agent', 'expected letters, digits, . _ - (at most 63)')
    }
    if (!(Number.isSafeInteger(request.sequence) && request.sequence >= 1)) {
      throw invalidMessage('report.sequence', 'expected 1 to 2^53 - 1', String(request.sequence))
    }
    const { acknowledgedSequence, refusedTrials } = await this.#desk.record(batchFromWire(request))
    return { acknowledgedSequence, refusedTrials: [...refusedTrials] }
  }
}
