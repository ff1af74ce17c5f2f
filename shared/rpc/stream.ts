import { once } from 'node:events'
import type { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import { FmworkError } from '../domain/errors.js'
import { defaultLimits } from './limits.js'

/** The writing half of a call, as grpc-js has it on both sides. */
interface WritableCall<T> extends EventEmitter {
  write(message: T): boolean
}

/**
 * The life of one call as a signal: aborts when the peer cancels, the call fails, or its status
 * arrives. Attaching it is a duty: an 'error' that nobody hears ends the process.
 */
export function lifetime(call: EventEmitter): AbortSignal {
  const over = new AbortController()
  for (const event of ['cancelled', 'error', 'status', 'close']) {
    call.on(event, (cause: unknown) => {
      if (over.signal.aborted) return
      over.abort(cause instanceof Error ? cause : new Error(`call ${event}`))
    })
  }
  return over.signal
}

/**
 * Writes one message; resolves when the stream can take another. Rejects as soon as the call is
 * over: 'drain' may never come then, and write() would still say true.
 */
export async function send<T>(
  call: WritableCall<T>,
  message: T,
  alive: AbortSignal,
): Promise<void> {
  alive.throwIfAborted()
  if (!call.write(message)) await once(call, 'drain', { signal: alive })
}

/**
 * Reads until the peer has said everything; throws the reason when the call is over before. Not the
 * stream’s own iterator: that destroys a server’s duplex when it ends or hears of an error, and then
 * no status is ever sent.
 */
export async function* receive<T>(call: Readable, alive: AbortSignal): AsyncGenerator<T, void> {
  const reading = { ended: false }
  let proceed: () => void = () => undefined
  const onChange = () => {
    proceed()
  }
  const onEnd = () => {
    reading.ended = true
    proceed()
  }
  call.on('readable', onChange)
  call.once('end', onEnd)
  alive.addEventListener('abort', onChange)
  try {
    for (;;) {
      const message = call.read() as T | null
      if (message !== null) yield message
      else if (reading.ended) {
        // A peer that left ends the stream too; that it left is said in the next turn only.
        await new Promise((resolve) => setImmediate(resolve))
        alive.throwIfAborted()
        return
      } else {
        alive.throwIfAborted()
        await new Promise<void>((resolve) => {
          proceed = resolve
        })
      }
    }
  } finally {
    call.off('readable', onChange)
    call.off('end', onEnd)
    alive.removeEventListener('abort', onChange)
  }
}

/** More than this means that the peer has stopped reading. */
const { unreadMessages, unreadBytes } = defaultLimits

/**
 * One writer per call: senders queue here, so that no two of them wait for the same drain. Counts
 * bytes beside messages, since `write()` itself counts messages only, whatever their size.
 */
export class CallWriter<T> {
  readonly #call: WritableCall<T>
  readonly #alive: AbortSignal
  #tail: Promise<void> = Promise.resolve()
  #waiting = 0
  #waitingBytes = 0

  constructor(call: WritableCall<T>, alive: AbortSignal) {
    this.#call = call
    this.#alive = alive
  }

  /**
   * Resolves when the message is handed to the transport, in the order of the calls.
   *
   * @throws the reason the call is over; FmworkError LIMIT_EXCEEDED when the peer does not read.
   */
  send(message: T): Promise<void> {
    // As JSON it is longer than on the wire; nobody waits in front of most messages.
    const bytes = this.#waiting === 0 ? 0 : JSON.stringify(message).length
    if (this.#waiting >= unreadMessages || this.#waitingBytes + bytes > unreadBytes) {
      return Promise.reject(
        new FmworkError(
          'LIMIT_EXCEEDED',
          `the peer left ${this.#waiting} messages, ${this.#waitingBytes} bytes, unread`,
        ),
      )
    }
    this.#waiting += 1
    this.#waitingBytes += bytes
    const sent = this.#tail
      .then(() => send(this.#call, message, this.#alive))
      .finally(() => {
        this.#waiting -= 1
        this.#waitingBytes -= bytes
      })
    this.#tail = sent.catch(() => {
      // Each sender hears of its own failure; the next one fails by the same signal.
    })
    return sent
  }

  /** Resolves when everything sent so far is out or lost with the call. */
  settled(): Promise<void> {
    return this.#tail
  }
}
