import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder } from '@grpc/grpc-js'
import type { Interceptor, Metadata, ServerInterceptor } from '@grpc/grpc-js'
import { InterceptingCall, RequesterBuilder } from '@grpc/grpc-js'
import { createHash, timingSafeEqual } from 'node:crypto'
import { FmworkError } from '../domain/errors.js'
import { statusOf } from './errors.js'

const tokenKey = 'authorization'
const scheme = 'Bearer '

/** Hashed first: equal lengths, so that neither content nor length shows in the time it takes. */
const digest = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest()

export function tokensMatch(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted))
}

function tokenIn(metadata: Metadata): string | undefined {
  const value = metadata.get(tokenKey)[0]
  return typeof value === 'string' && value.startsWith(scheme)
    ? value.slice(scheme.length)
    : undefined
}

/**
 * Refuses every call that does not bring the token, before its first message is read. Health checks
 * say nothing but "serving" and are left open for whoever supervises the process.
 */
export function requireToken(token: string): ServerInterceptor {
  return (method, call) => {
    if (method.path.startsWith('/grpc.health.v1.Health/')) return new ServerInterceptingCall(call)
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const given = tokenIn(metadata)
        if (given !== undefined && tokensMatch(given, token)) {
          next(metadata)
          return
        }
        const what = given === undefined ? 'a token is needed and none was given' : 'wrong token'
        call.sendStatus(statusOf(new FmworkError('AUTHENTICATION_FAILED', what)))
      })
      .build()
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder().withStart((next) => next(listener)).build(),
    )
  }
}

/** Adds the token to every call. Call credentials would refuse to go over a loopback without TLS. */
export function bringToken(token: string): Interceptor {
  return (options, nextCall) =>
    new InterceptingCall(
      nextCall(options),
      new RequesterBuilder()
        .withStart((metadata, listener, next) => {
          metadata.set(tokenKey, scheme + token)
          next(metadata, listener)
        })
        .build(),
    )
}
