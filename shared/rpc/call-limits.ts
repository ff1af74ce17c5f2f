import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder } from '@grpc/grpc-js'
import type { ServerInterceptor } from '@grpc/grpc-js'
import { FmworkError } from '../domain/errors.js'
import type { Cancel, Clock } from '../process/clock.js'
import { statusOf } from './errors.js'
import type { Limits } from './limits.js'
import type { Warn } from './sparing-log.js'
import { TokenBucket, TokenBuckets } from './token-bucket.js'

/**
 * Refuses calls and messages that come faster than any agent or tool sends them, and calls whose first
 * message does not come. Counted per connection and per stream, before the caller is known: refusing
 * is cheap, letting in is not.
 *
 * @param called hears of every call, by its peer
 */
export function limitCalls(
  limits: Limits,
  clock: Clock,
  warn: Warn,
  called: (peer: string) => void,
): ServerInterceptor {
  const connections = new TokenBuckets(limits.callsPerSecond, limits.callsAtOnce)
  return ({ path }, call) => {
    const messages = new TokenBucket(limits.messagesPerSecond, limits.messagesAtOnce)
    let refused = false
    const refuse = (what: string) => {
      refused = true
      warn({ path, peer: call.getPeer() }, what)
      call.sendStatus(statusOf(new FmworkError('LIMIT_EXCEEDED', what)))
    }
    let cancelWait: Cancel = () => undefined
    const pass = (taken: boolean, what: string, proceed: () => void) => {
      if (refused) return
      if (taken) {
        proceed()
        return
      }
      refuse(`too many ${what} a second`)
    }
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const peer = call.getPeer()
        called(peer)
        pass(connections.take(peer, clock.monotonic()), 'calls', () => {
          cancelWait = clock.after(limits.messageSeconds, () => {
            refuse(`no message within ${limits.messageSeconds} s`)
          })
          next(metadata)
        })
      })
      .withOnReceiveHalfClose((next) => {
        cancelWait()
        next()
      })
      .withOnCancel(() => {
        cancelWait()
      })
      .withOnReceiveMessage((message: unknown, next) => {
        cancelWait()
        pass(messages.take(clock.monotonic()), 'messages', () => next(message))
      })
      .build()
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder()
        .withStart((next) => next(listener))
        .withSendStatus((status, next) => {
          cancelWait()
          next(status)
        })
        .build(),
    )
  }
}
