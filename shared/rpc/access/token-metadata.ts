import { InterceptingCall, RequesterBuilder } from '@grpc/grpc-js'
import type { Interceptor, Metadata } from '@grpc/grpc-js'

const tokenKey = 'authorization'
const scheme = 'Bearer '

/** The token that a call brings. */
export function tokenIn(metadata: Metadata): string | undefined {
  const value = metadata.get(tokenKey)[0]
  return typeof value === 'string' && value.startsWith(scheme)
    ? value.slice(scheme.length)
    : undefined
}

/**
 * Adds the token to every call, asked for each time: it may have been replaced. Call credentials
 * would refuse to go over a loopback without TLS.
 */
export function bringToken(token: () => string): Interceptor {
  return (options, nextCall) =>
    new InterceptingCall(
      nextCall(options),
      new RequesterBuilder()
        .withStart((metadata, listener, next) => {
          metadata.set(tokenKey, scheme + token())
          next(metadata, listener)
        })
        .build(),
    )
}
