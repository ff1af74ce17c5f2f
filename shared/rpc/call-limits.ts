import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder } from '@grpc/grpc-js'
import type { ServerInterceptor } from '@grpc/grpc-js'
import { FmworkError } from '../domain/errors.js'
import type { Clock } from '../process/clock.js'
import { statusOf } from './errors.js'
import type { Limits } from './limits.js'
import type { Warn } from './sparing-log.js'
import { TokenBucket } from './token-bucket.js'

/** Above this many connections that are remembered, those that have been quiet are forgotten. */
const remembered = 1024

/**
 * Refuses calls and messages that come faster than any agent or tool sends them. Counted per
 * connection and per stream, before the caller is known: refusing is cheap, letting in is not.
 */
export function limitCalls(limits: Limits, clock: Clock, warn: Warn): ServerInterceptor {
  const connections = new Map<string, TokenBucket>()
  const ofConnection = (peer: string): TokenBucket => {
    const known = connections.get(peer)
    if (known !== undefined) return known
    if (connections.size >= remembered) {
      for (const [key, bucket] of connections) {
        if (bucket.isFull(clock.monotonic())) connections.delete(key)
      }
    }
    const bucket = new TokenBucket(limits.callsPerSecond, limits.callsAtOnce)
    connections.set(peer, bucket)
    return bucket
  }
  return ({ path }, call) => {
    const messages = new TokenBucket(limits.messagesPerSecond, limits.messagesAtOnce)
    let refused = false
    const pass = (bucket: TokenBucket, what: string, proceed: () => void) => {
      if (refused) return
      if (bucket.take(clock.monotonic())) {
        proceed()
        return
      }
      refused = true
      warn({ path, peer: call.getPeer() }, `too many ${what}`)
      call.sendStatus(statusOf(new FmworkError('LIMIT_EXCEEDED', `too many ${what} a second`)))
    }
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        pass(ofConnection(call.getPeer()), 'calls', () => next(metadata))
      })
      .withOnReceiveMessage((message: unknown, next) => {
        pass(messages, 'messages', () => next(message))
      })
      .build()
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder().withStart((next) => next(listener)).build(),
    )
  }
}
