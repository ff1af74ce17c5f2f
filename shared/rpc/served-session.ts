import { status } from '@grpc/grpc-js'
import type { ServerDuplexStream } from '@grpc/grpc-js'
import type { AgentDesk, AgentLine } from '../domain/agent-desk.js'
import { FmworkError } from '../domain/errors.js'
import type { Grant, HeldLease, NoWork } from '../domain/lease.js'
import type { Clock } from '../process/clock.js'
import type { Log } from '../process/log.js'
import { factsFromHello, pulseFromHeartbeat } from './codec/agent-facts.js'
import { grantToWire, leaseFromWire } from './codec/lease.js'
import { defined, invalidMessage, required } from './codec/parts.js'
import { failureStatus } from './failure.js'
import type { AgentMessage } from './gen/fmwork/v1/AgentMessage.js'
import type { CoordinatorMessageInput } from './gen/fmwork/v1/CoordinatorMessage.js'
import type { Hello } from './gen/fmwork/v1/Hello.js'
import type { Renewal } from './gen/fmwork/v1/Renewal.js'
import type { WorkRequest } from './gen/fmwork/v1/WorkRequest.js'
import type { Limits } from './limits.js'
import { protocolVersion } from './schema.js'
import { CallWriter, lifetime, receive } from './stream.js'

export type SessionCall = ServerDuplexStream<AgentMessage, CoordinatorMessageInput>

export interface SessionContext {
  readonly desk: AgentDesk
  readonly limits: Limits
  readonly clock: Clock
  readonly log: Log
  /** The agent has said its name and is about to be connected. */
  readonly named: (agent: string) => void
}

/** One agent’s session as the coordinator serves it. */
export interface ServedSession {
  /** Known after the hello. */
  readonly agent: string | undefined
  /** Resolves when the call is over and the desk knows; never rejects. */
  readonly over: Promise<void>
  drain(reason: string): void
  /** Ends the call with an error of ours, after what was sent before. */
  end(reason: FmworkError): Promise<void>
}

export function servedSession(call: SessionCall, context: SessionContext): ServedSession {
  const session = new Session(call, context)
  return session
}

class Session implements ServedSession {
  readonly over: Promise<void>
  readonly #call: SessionCall
  readonly #context: SessionContext
  readonly #alive: AbortSignal
  readonly #writer: CallWriter<CoordinatorMessageInput>
  #agent: string | undefined
  #connected: { readonly agent: string; readonly sessionId: string } | undefined
  /** Requests for work and releases, answered in the order they came. */
  #requests: Promise<void> = Promise.resolve()
  #waitingRequests = 0
  #ended = false
  #cancelSilence: () => void = () => undefined

  constructor(call: SessionCall, context: SessionContext) {
    this.#call = call
    this.#context = context
    this.#alive = lifetime(call)
    this.#writer = new CallWriter(call, this.#alive)
    this.#expectWithin(context.limits.helloSeconds)
    // In a later turn, so that whoever made the session has noted it before it speaks.
    this.over = Promise.resolve().then(() => this.#run())
  }

  get agent(): string | undefined {
    return this.#agent
  }

  drain(reason: string): void {
    this.#say({ drain: { reason } })
  }

  async end(reason: FmworkError): Promise<void> {
    await this.#writer.settled()
    this.#fail(reason)
  }

  async #run(): Promise<void> {
    try {
      await this.#read()
      this.#finish(() => this.#call.end())
    } catch (error) {
      // The agent is gone, and nobody hears this; or it said what no agent may say.
      this.#fail(error)
    } finally {
      this.#cancelSilence()
      if (this.#connected !== undefined) {
        const { agent, sessionId } = this.#connected
        this.#context.desk.disconnect(agent, sessionId)
        this.#context.log.info({ agent, session: sessionId }, 'agent disconnected')
      }
    }
  }

  async #read(): Promise<void> {
    const { desk, limits } = this.#context
    for await (const message of receive<AgentMessage>(this.#call, this.#alive)) {
      if (this.#ended) return
      if (this.#connected === undefined) await this.#welcome(message)
      else this.#handle(message, this.#connected.agent)
      this.#expectWithin((limits.silentHeartbeats * desk.heartbeatMs) / 1000)
    }
    await this.#requests
  }

  async #welcome(message: AgentMessage): Promise<void> {
    const hello = required(message.hello, 'session.hello (the first message)')
    if (hello.protocol !== protocolVersion) throw versionMismatch(hello)
    const { desk, limits, clock, log, named } = this.#context
    const facts = factsFromHello(hello, clock.wall(), limits)
    this.#agent = facts.agent
    named(facts.agent)
    const line: AgentLine = {
      revoke: (leaseId, reason) => this.#say({ revoke: { leaseId, reason } }),
      drain: (reason) => this.#say({ drain: { reason } }),
      wake: () => this.#say({ wake: {} }),
    }
    const { sessionId, acknowledgedSequence } = await desk.connect(facts, line)
    this.#connected = { agent: facts.agent, sessionId }
    log.info(
      { agent: facts.agent, session: sessionId, peer: this.#call.getPeer() },
      'agent connected',
    )
    this.#say({
      welcome: {
        sessionId,
        leaseMs: desk.leaseMs,
        heartbeatMs: desk.heartbeatMs,
        acknowledgedSequence,
        clockMs: clock.wall(),
      },
    })
  }

  #handle(message: AgentMessage, agent: string): void {
    const { desk, clock } = this.#context
    switch (required(message.body, 'session.body')) {
      case 'hello':
        throw invalidMessage('session.hello', 'said twice')
      case 'heartbeat': {
        const heartbeat = required(message.heartbeat, 'heartbeat')
        const now = clock.wall()
        desk.pulse(agent, pulseFromHeartbeat(heartbeat, now))
        this.#say({ heartbeatAnswer: { heartbeatClockMs: heartbeat.clockMs, clockMs: now } })
        return
      }
      case 'workRequest':
        this.#inOrder(() => this.#answer(agent, required(message.workRequest, 'work_request')))
        return
      case 'release': {
        const lease = leaseFromWire(required(message.release, 'release'))
        this.#inOrder(() => desk.release(agent, lease))
        return
      }
      case 'renewal':
        // Never behind a planner that thinks: a lease may be about to expire.
        this.#renew(agent, required(message.renewal, 'renewal')).catch((error: unknown) => {
          this.#fail(error)
        })
        return
    }
  }

  #inOrder(task: () => Promise<void>): void {
    const { waitingRequests } = this.#context.limits
    if (this.#waitingRequests >= waitingRequests) {
      throw new FmworkError('LIMIT_EXCEEDED', `${waitingRequests} requests for work are waiting`)
    }
    this.#waitingRequests += 1
    this.#requests = this.#requests.then(async () => {
      try {
        if (!this.#ended && !this.#alive.aborted) await task()
      } catch (error) {
        this.#fail(error)
      } finally {
        this.#waitingRequests -= 1
      }
    })
  }

  async #answer(agent: string, request: WorkRequest): Promise<void> {
    const held: HeldLease | undefined =
      request.held === null || request.held === undefined ? undefined : leaseFromWire(request.held)
    const beside = defined({
      leases: request.others.map(leaseFromWire),
      freeDevices: request.freeDevices,
    })
    const answer = await this.#context.desk.requestWork(agent, held, request.capacity, beside)
    this.#say(
      isGrant(answer)
        ? { grant: grantToWire(answer) }
        : { noWork: defined({ ...answer, leaseId: held?.leaseId }) },
    )
  }

  async #renew(agent: string, { leases }: Renewal): Promise<void> {
    const leaseIds = await this.#context.desk.renew(agent, leases.map(leaseFromWire))
    this.#say({ renewed: { leaseIds } })
  }

  /** Sends without waiting; a call that is over takes it silently, a peer that does not read loses it. */
  #say(message: CoordinatorMessageInput): void {
    this.#writer.send(message).catch((error: unknown) => {
      if (error instanceof FmworkError) this.#fail(error)
    })
  }

  #expectWithin(seconds: number): void {
    this.#cancelSilence()
    if (this.#ended) return
    this.#cancelSilence = this.#context.clock.after(seconds, () => {
      this.#finish(() => {
        const details = `the agent was silent for ${seconds} s`
        this.#context.log.warn({ agent: this.#agent }, details)
        this.#call.emit('error', { code: status.DEADLINE_EXCEEDED, details })
      })
    })
  }

  #fail(reason: unknown): void {
    this.#finish(() => {
      this.#call.emit('error', failureStatus(reason, this.#context.log, 'Session'))
    })
  }

  #finish(say: () => void): void {
    if (this.#ended) return
    this.#ended = true
    this.#cancelSilence()
    if (!this.#alive.aborted) say()
  }
}

const isGrant = (answer: Grant | NoWork): answer is Grant => 'leaseId' in answer

function versionMismatch(hello: Hello): FmworkError {
  const version = hello.environment?.agentVersion ?? ''
  const of = version === '' ? '' : ` (FMwork ${version})`
  return new FmworkError(
    'VERSION_MISMATCH',
    `agent ${hello.agent}${of} speaks protocol ${hello.protocol}, this coordinator ${protocolVersion}`,
    {
      problems: [
        {
          field: 'protocol',
          value: String(hello.protocol),
          expected: `expected ${protocolVersion}`,
        },
      ],
    },
  )
}
