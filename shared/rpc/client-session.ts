import type { ClientDuplexStream } from '@grpc/grpc-js'
import type { AgentLine } from '../domain/agent-desk.js'
import { asFmworkError, FmworkError } from '../domain/errors.js'
import type { Beside, Grant, HeldLease, NoWork } from '../domain/lease.js'
import type { Clock } from '../process/clock.js'
import { ClockOffset } from './clock-offset.js'
import { heartbeatToWire, helloToWire } from './codec/agent-facts.js'
import type { Introduction, Pulse } from './codec/agent-facts.js'
import { grantFromWire, leaseToWire } from './codec/lease.js'
import { defined, invalidMessage, required } from './codec/parts.js'
import { errorOfCall } from './errors.js'
import type { AgentMessageInput } from './gen/fmwork/v1/AgentMessage.js'
import type { CoordinatorMessage } from './gen/fmwork/v1/CoordinatorMessage.js'
import type { Welcome as WireWelcome } from './gen/fmwork/v1/Welcome.js'
import { protocolVersion } from './schema.js'
import { CallWriter, lifetime } from './stream.js'

/** Seconds from the call to the welcome. */
const welcomeSeconds = 10
/** Heartbeats that may go unanswered before the coordinator counts as gone. */
const unansweredHeartbeats = 4
/** Seconds that a goodbye may take. */
const goodbyeSeconds = 1

/** What the coordinator said at the start of a session. */
export interface Welcome {
  readonly sessionId: string
  readonly leaseMs: number
  readonly heartbeatMs: number
  readonly acknowledgedSequence: number
}

/**
 * One session of an agent with its coordinator. When it is over every question still open is
 * rejected with the reason, and so is every later one.
 */
export interface AgentSession {
  readonly welcome: Welcome
  /** Resolves when the session is over, with why; never rejects. */
  readonly over: Promise<FmworkError>
  /** This machine’s wall clock minus the coordinator’s, in milliseconds. */
  readonly clockOffsetMs: number
  /** One at a time. */
  requestWork(
    held: HeldLease | undefined,
    capacity: number,
    beside?: Beside,
  ): Promise<Grant | NoWork>
  /** The leases, of those named, that live on. One at a time. */
  renew(leases: readonly HeldLease[]): Promise<readonly string[]>
  release(lease: HeldLease): Promise<void>
  heartbeat(pulse: Pulse): void
  /** Says goodbye. Idempotent; never rejects. */
  close(): Promise<void>
}

type SessionCall = ClientDuplexStream<AgentMessageInput, CoordinatorMessage>

interface SessionOptions {
  readonly address: string
  readonly clock: Clock
  readonly introduction: Introduction
  readonly line: AgentLine
}

interface Question<T> {
  readonly resolve: (answer: T) => void
  readonly reject: (reason: FmworkError) => void
}

export class ClientSession implements AgentSession {
  readonly over: Promise<FmworkError>
  readonly #call: SessionCall
  readonly #options: SessionOptions
  readonly #writer: CallWriter<AgentMessageInput>
  readonly #offset = new ClockOffset()
  #welcome: Welcome | undefined
  #awaitingWelcome: Question<Welcome> | undefined
  #awaitingWork: Question<Grant | NoWork> | undefined
  #awaitingRenewal: Question<readonly string[]> | undefined
  #ended: FmworkError | undefined
  #resolveOver: (reason: FmworkError) => void = () => undefined
  #cancelSilence: () => void = () => undefined
  #helloSentMs = 0

  private constructor(call: SessionCall, options: SessionOptions) {
    this.#call = call
    this.#options = options
    this.over = new Promise((resolve) => {
      this.#resolveOver = resolve
    })
    this.#writer = new CallWriter(call, lifetime(call))
  }

  static async open(call: SessionCall, options: SessionOptions): Promise<ClientSession> {
    const session = new ClientSession(call, options)
    session.#expectWithin(welcomeSeconds)
    const welcomed = new Promise<Welcome>((resolve, reject) => {
      session.#awaitingWelcome = { resolve, reject }
    })
    void session.#read()
    session.#helloSentMs = options.clock.wall()
    session.#say({
      hello: helloToWire(options.introduction, protocolVersion, session.#helloSentMs),
    })
    session.#welcome = await welcomed
    session.#expectWithin(session.#patience)
    return session
  }

  get welcome(): Welcome {
    return required(this.#welcome, 'welcome')
  }

  get clockOffsetMs(): number {
    return this.#offset.offsetMs ?? 0
  }

  requestWork(
    held: HeldLease | undefined,
    capacity: number,
    beside?: Beside,
  ): Promise<Grant | NoWork> {
    const workRequest = defined({
      capacity,
      held: held === undefined ? undefined : leaseToWire(held),
      others: beside?.leases.map(leaseToWire),
      freeDevices: beside?.freeDevices,
    })
    return this.#ask(
      this.#awaitingWork,
      (question) => {
        this.#awaitingWork = question
      },
      { workRequest },
    )
  }

  renew(leases: readonly HeldLease[]): Promise<readonly string[]> {
    return this.#ask(
      this.#awaitingRenewal,
      (question) => {
        this.#awaitingRenewal = question
      },
      { renewal: { leases: leases.map(leaseToWire) } },
    )
  }

  async release(lease: HeldLease): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended
    await this.#writer.send({ release: leaseToWire(lease) }).catch((error: unknown) => {
      throw errorOfCall(error, this.#options.address)
    })
  }

  heartbeat(pulse: Pulse): void {
    const now = this.#options.clock.wall()
    this.#say({ heartbeat: heartbeatToWire(pulse, now, this.#offset.offsetMs) })
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return
    await this.#writer.settled()
    this.#call.end()
    const cancel = this.#options.clock.after(goodbyeSeconds, () => this.#call.cancel())
    await this.over
    cancel()
  }

  #ask<T>(
    open: Question<T> | undefined,
    keep: (question: Question<T>) => void,
    message: AgentMessageInput,
  ): Promise<T> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    if (open !== undefined) {
      return Promise.reject(new FmworkError('INTERNAL', 'asked again before the answer'))
    }
    return new Promise((resolve, reject) => {
      keep({ resolve, reject })
      this.#say(message)
    })
  }

  async #read(): Promise<void> {
    let reason: FmworkError
    try {
      for await (const message of this.#call as AsyncIterable<CoordinatorMessage>) {
        this.#handle(message)
        if (this.#welcome !== undefined) this.#expectWithin(this.#patience)
      }
      reason = new FmworkError('COORDINATOR_UNREACHABLE', 'the coordinator ended the session')
    } catch (error) {
      this.#call.cancel()
      reason = errorOfCall(error, this.#options.address)
    }
    this.#end(reason)
  }

  #handle(message: CoordinatorMessage): void {
    const { clock, line } = this.#options
    switch (required(message.body, 'session.body')) {
      case 'welcome': {
        const welcome = required(message.welcome, 'welcome')
        this.#offset.learn({
          sentMs: this.#helloSentMs,
          answeredMs: welcome.clockMs,
          receivedMs: clock.wall(),
        })
        required(this.#awaitingWelcome, 'the question behind welcome').resolve(
          welcomeFromWire(welcome),
        )
        this.#awaitingWelcome = undefined
        return
      }
      case 'heartbeatAnswer': {
        const answer = required(message.heartbeatAnswer, 'heartbeat_answer')
        this.#offset.learn({
          sentMs: answer.heartbeatClockMs,
          answeredMs: answer.clockMs,
          receivedMs: clock.wall(),
        })
        return
      }
      case 'grant':
        this.#answerWork(grantFromWire(required(message.grant, 'grant')))
        return
      case 'noWork': {
        const { retryAfterMs, reason } = required(message.noWork, 'no_work')
        this.#answerWork({ retryAfterMs, reason })
        return
      }
      case 'renewed': {
        const question = required(this.#awaitingRenewal, 'the question behind renewed')
        this.#awaitingRenewal = undefined
        question.resolve(required(message.renewed, 'renewed').leaseIds)
        return
      }
      case 'revoke': {
        const { leaseId, reason } = required(message.revoke, 'revoke')
        line.revoke(leaseId, reason)
        return
      }
      case 'drain':
        line.drain(required(message.drain, 'drain').reason)
        return
      case 'wake':
        line.wake()
        return
    }
  }

  #answerWork(answer: Grant | NoWork): void {
    const question = this.#awaitingWork
    if (question === undefined) throw invalidMessage('grant', 'nobody asked for work')
    this.#awaitingWork = undefined
    question.resolve(answer)
  }

  get #patience(): number {
    return (unansweredHeartbeats * this.welcome.heartbeatMs) / 1000
  }

  #expectWithin(seconds: number): void {
    this.#cancelSilence()
    if (this.#ended !== undefined) return
    this.#cancelSilence = this.#options.clock.after(seconds, () => {
      const { address } = this.#options
      this.#end(
        new FmworkError(
          'COORDINATOR_UNREACHABLE',
          `coordinator ${address} was silent for ${seconds} s`,
        ),
      )
      this.#call.cancel()
    })
  }

  #say(message: AgentMessageInput): void {
    this.#writer.send(message).catch((error: unknown) => {
      if (error instanceof FmworkError) this.#end(asFmworkError(error))
    })
  }

  #end(reason: FmworkError): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    this.#cancelSilence()
    this.#awaitingWelcome?.reject(reason)
    this.#awaitingWork?.reject(reason)
    this.#awaitingRenewal?.reject(reason)
    this.#resolveOver(reason)
  }
}

function welcomeFromWire(wire: WireWelcome): Welcome {
  const { sessionId, leaseMs, heartbeatMs, acknowledgedSequence } = wire
  return { sessionId, leaseMs, heartbeatMs, acknowledgedSequence }
}
