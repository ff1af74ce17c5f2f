import { ResponderBuilder, ServerInterceptingCall } from '@grpc/grpc-js'
import type { ServerInterceptor } from '@grpc/grpc-js'

/**
 * Drops what a handler says after its call has got a status. grpc-js ends a call by itself, unheard by
 * its handler, when a message cannot be decoded, is too long or badly compressed, or time is over. A
 * message written then fails the stream before its trailers are out: the caller would hear nothing, and
 * the stream would stay open for as long as its connection. The innermost of the interceptors.
 */
export const nothingAfterStatus: ServerInterceptor = (_method, call) => {
  let over = false
  const sendStatus = call.sendStatus.bind(call)
  // In place of the method, not in a responder: the library’s own refusals pass no interceptor.
  call.sendStatus = (status) => {
    over = true
    sendStatus(status)
  }
  return new ServerInterceptingCall(
    call,
    new ResponderBuilder()
      .withSendMessage((message: unknown, next) => {
        if (!over) next(message)
      })
      .build(),
  )
}
