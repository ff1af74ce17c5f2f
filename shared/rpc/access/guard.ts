import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder } from '@grpc/grpc-js'
import type { Metadata, ServerInterceptor, ServerInterceptingCallInterface } from '@grpc/grpc-js'
import type { Caller } from '../../domain/access.js'
import { asFmworkError, FmworkError } from '../../domain/errors.js'
import { statusOf } from '../errors.js'
import type { RawReport } from '../codec/raw-report.js'
import type { AgentMessage } from '../gen/fmwork/v1/AgentMessage.js'
import { admissionTo } from './access-table.js'
import type { Gate } from './gate.js'
import { tokenIn } from './token-metadata.js'
import type { Warn } from '../sparing-log.js'

/** The agent that a message speaks for, where it names one. */
function claimedAgent(path: string, message: unknown): string | undefined {
  switch (path) {
    case '/fmwork.v1.AgentService/Session':
      return (message as AgentMessage).hello?.agent
    case '/fmwork.v1.AgentService/Report':
      return (message as RawReport).agent
    default:
      return undefined
  }
}

/**
 * Holds every call against the access table: who calls, before a message is read; for which agent,
 * at every message that names one. The proof is held up again at every message in either direction,
 * so that a revoked or expired caller loses the streams it has open, too.
 */
export function guardCalls(gate: Gate, warn: Warn): ServerInterceptor {
  return ({ path }, call) => {
    const admission = admissionTo(path)
    if (admission === 'anyone') return new ServerInterceptingCall(call)
    let token: string | undefined
    let refused = false
    /** Calls `proceed` for a caller who may, ends the call for any other. */
    const pass = (proceed: () => void, claimed?: string) => {
      if (refused) return
      try {
        const caller = admitted(gate, call, token)
        requireRole(caller, admission, path)
        requireAgent(caller, claimed)
      } catch (thrown) {
        refused = true
        const error = asFmworkError(thrown)
        warn({ path, peer: call.getPeer(), reason: error.message }, 'call refused')
        call.sendStatus(statusOf(error))
        return
      }
      proceed()
    }
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata: Metadata, next) => {
        token = tokenIn(metadata)
        pass(() => next(metadata))
      })
      .withOnReceiveMessage((message: unknown, next) => {
        pass(() => next(message), claimedAgent(path, message))
      })
      .build()
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder()
        .withStart((next) => next(listener))
        .withSendMessage((message: unknown, next) => {
          pass(() => next(message))
        })
        .build(),
    )
  }
}

function admitted(
  gate: Gate,
  call: ServerInterceptingCallInterface,
  token: string | undefined,
): Caller {
  const certificate = call.getAuthContext().sslPeerCertificate
  return gate.admit({
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined ? {} : { certificate }),
  })
}

function requireRole({ name, roles }: Caller, admission: readonly string[], path: string): void {
  if (roles.some((role) => admission.includes(role))) return
  const needed = admission.length === 0 ? 'is open to nobody' : `takes ${admission.join(' or ')}`
  throw new FmworkError(
    'NOT_PERMITTED',
    `${name} is ${roles.join(', ') || 'without a role'}; ${path.slice(path.lastIndexOf('/') + 1)} ${needed}`,
  )
}

function requireAgent({ name, agent }: Caller, claimed: string | undefined): void {
  if (agent === undefined || claimed === undefined || claimed === agent) return
  throw new FmworkError('NOT_PERMITTED', `${name} may speak for agent ${agent} only`, {
    problems: [{ field: 'agent', value: JSON.stringify(claimed), expected: `expected ${agent}` }],
  })
}
