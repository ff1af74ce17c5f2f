import type { AgentLine } from '../../shared/domain/agent-desk.js'
import { asFmworkError } from '../../shared/domain/errors.js'
import type { FmworkError } from '../../shared/domain/errors.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { AgentLink, AgentSession, Introduction, Pulse } from '../../shared/rpc/agent-link.js'
import type { Backoff } from './backoff.js'
import { isAborted } from './is-aborted.js'

export interface SessionOptions {
  readonly link: Pick<AgentLink, 'openSession'>
  readonly clock: Clock
  readonly backoff: Backoff
  readonly log: Log
  readonly introduce: () => Introduction
  readonly line: AgentLine
  readonly pulse: () => Pulse
  /** Called at the start of every session, before anyone else may use it. */
  readonly welcomed: (session: AgentSession) => Promise<void>
}

/** Refusals that time does not mend: a reason to end, unless the agent was welcome before. */
const isRefusal = (error: FmworkError): boolean =>
  error.code === 'VERSION_MISMATCH' ||
  error.code === 'AUTHENTICATION_FAILED' ||
  error.code === 'NOT_PERMITTED'

/** Keeps a session open for ever: connects, beats, and connects again. */
export class SessionKeeper {
  readonly #options: SessionOptions
  #current: AgentSession | undefined
  #everWelcome = false
  #waiting: ((session: AgentSession) => void)[] = []

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /** The open session, if there is one. */
  get current(): AgentSession | undefined {
    return this.#current
  }

  /** The open session, or the next one. @throws the signal’s reason */
  session(signal: AbortSignal): Promise<AgentSession> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) reject(signal.reason as Error)
      else if (this.#current !== undefined) resolve(this.#current)
      else {
        const onAbort = () => reject(signal.reason as Error)
        signal.addEventListener('abort', onAbort, { once: true })
        this.#waiting.push((session) => {
          signal.removeEventListener('abort', onAbort)
          resolve(session)
        })
      }
    })
  }

  /**
   * Runs until the signal aborts, then says goodbye and resolves.
   *
   * @throws FmworkError VERSION_MISMATCH, AUTHENTICATION_FAILED, NOT_PERMITTED when the first welcome never came.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, backoff, log } = this.#options
    while (!signal.aborted) {
      try {
        const reason = await this.#oneSession(signal)
        if (isAborted(signal)) return
        log.warn({ code: reason.code, reason: reason.message }, 'session over, connecting again')
      } catch (thrown) {
        const error = asFmworkError(thrown)
        if (isRefusal(error) && !this.#everWelcome) throw error
        log.warn({ code: error.code, reason: error.message }, 'no session, trying again')
      }
      await clock.sleep(backoff.next(), signal).catch(() => undefined)
    }
  }

  async #oneSession(signal: AbortSignal): Promise<FmworkError> {
    const { link, introduce, line, welcomed, log, backoff } = this.#options
    const session = await link.openSession(introduce(), line)
    const goodbye = () => void session.close()
    signal.addEventListener('abort', goodbye, { once: true })
    try {
      if (signal.aborted) goodbye()
      await welcomed(session)
      this.#everWelcome = true
      log.info({ session: session.welcome.sessionId }, 'connected')
      this.#current = session
      const waiting = this.#waiting
      this.#waiting = []
      for (const resolve of waiting) resolve(session)
      const beating = new AbortController()
      void session.over.then((reason) => beating.abort(reason))
      await this.#beat(session, beating.signal, () => backoff.succeeded())
      return await session.over
    } finally {
      signal.removeEventListener('abort', goodbye)
      this.#current = undefined
    }
  }

  async #beat(session: AgentSession, over: AbortSignal, lasted: () => void): Promise<void> {
    const seconds = session.welcome.heartbeatMs / 1000
    while (!over.aborted) {
      session.heartbeat(this.#options.pulse())
      try {
        await this.#options.clock.sleep(seconds, over)
      } catch {
        return // The session is over: its reason is told by whoever waits for it.
      }
      // Only a session that lived counts as a success: two namesakes must not spin.
      lasted()
    }
  }
}
