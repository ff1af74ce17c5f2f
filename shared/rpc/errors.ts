import { Metadata, status } from '@grpc/grpc-js'
import type { ServiceError } from '@grpc/grpc-js'
import { errorTable } from '../domain/error-table.js'
import { FmworkError } from '../domain/errors.js'
import { withoutSecrets, withoutSecretsIn } from '../process/secrets.js'
import type { ErrorCode } from '../domain/error-table.js'
import type { Problem } from '../domain/errors.js'

/** Trailing metadata that carries the whole error as JSON. */
const errorKey = 'fmwork-error-bin'

/** Trailers travel in HTTP/2 headers, which are small: a longer list of problems is cut. */
const maxErrorBytes = 6 * 1024
const maxDetails = 1024

/** The part of a gRPC error that both sides of a call can make. */
export interface StatusError {
  readonly code: status
  readonly details: string
  readonly metadata: Metadata
}

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

function errorBytes(error: FmworkError): Buffer {
  const whole = (problems: readonly Problem[]) =>
    Buffer.from(
      JSON.stringify({
        code: error.code,
        message: shorten(withoutSecrets(error.message), maxDetails),
        hint: shorten(withoutSecrets(error.hint), maxDetails),
        problems: withoutSecretsIn(problems),
      }),
    )
  let problems = error.problems
  let bytes = whole(problems)
  while (bytes.length > maxErrorBytes && problems.length > 0) {
    problems = problems.slice(0, Math.floor(problems.length / 2))
    const left = error.problems.length - problems.length
    bytes = whole([...problems, { field: '(more)', expected: `${left} further problems` }])
  }
  return bytes
}

/** What a call ends with, so that the client throws the same error again. */
export function statusOf(error: FmworkError): StatusError {
  const metadata = new Metadata()
  metadata.set(errorKey, errorBytes(error))
  return {
    code: status[errorTable[error.code].grpc],
    details: shorten(withoutSecrets(error.message), maxDetails),
    metadata,
  }
}

/** True for a failure that a reader may see as it is; anything else stays in the log. */
export const isDeliberate = (thrown: unknown): thrown is FmworkError =>
  thrown instanceof FmworkError && thrown.code !== 'INTERNAL'

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Problem).field === 'string' &&
  typeof (value as Problem).expected === 'string'

function carriedError(metadata: Metadata, cause: unknown): FmworkError | undefined {
  const bytes = metadata.get(errorKey)[0]
  if (!Buffer.isBuffer(bytes)) return undefined
  let carried: Partial<Record<'code' | 'message' | 'hint' | 'problems', unknown>>
  try {
    carried = JSON.parse(bytes.toString('utf8')) as typeof carried
  } catch {
    return undefined // Not ours after all: the plain status says what happened.
  }
  const { code, message, hint, problems } = carried
  if (typeof code !== 'string' || !Object.hasOwn(errorTable, code)) return undefined
  return new FmworkError(code as ErrorCode, typeof message === 'string' ? message : code, {
    problems: Array.isArray(problems) ? problems.filter(isProblem) : [],
    ...(typeof hint === 'string' ? { hint } : {}),
    cause,
  })
}

const isServiceError = (thrown: unknown): thrown is ServiceError =>
  thrown instanceof Error && 'code' in thrown && 'details' in thrown && 'metadata' in thrown

/**
 * The error behind a failed call: the coordinator’s own where it sent one, else what the status
 * says of the way there.
 *
 * @param peer who was called, for the message: HOST:PORT.
 */
export function errorOfCall(thrown: unknown, peer: string): FmworkError {
  if (thrown instanceof FmworkError) return thrown
  if (!isServiceError(thrown)) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return new FmworkError('INTERNAL', message, { cause: thrown })
  }
  return carriedError(thrown.metadata, thrown) ?? plainError(thrown, peer)
}

function plainError(thrown: ServiceError, peer: string): FmworkError {
  const { code, details } = thrown
  const unreachable = (why: string, hint?: string) =>
    new FmworkError('COORDINATOR_UNREACHABLE', `coordinator ${peer} ${why}`, {
      cause: thrown,
      ...(hint === undefined ? {} : { hint }),
    })
  switch (code) {
    case status.UNAVAILABLE:
      return /ssl|tls|certificate/i.test(details)
        ? unreachable(
            `refused the secure connection: ${details}`,
            'Check --tls-ca, and --tls-cert with --tls-key where the coordinator asks for them.',
          )
        : unreachable(`does not answer: ${details}`)
    // What a peer that is shut down hard looks like.
    case status.CANCELLED:
      return unreachable('ended the call')
    case status.DEADLINE_EXCEEDED:
      return unreachable(`did not answer in time: ${details}`)
    case status.UNAUTHENTICATED:
      return new FmworkError('AUTHENTICATION_FAILED', `coordinator ${peer}: ${details}`, {
        cause: thrown,
      })
    case status.PERMISSION_DENIED:
      return new FmworkError('NOT_PERMITTED', `coordinator ${peer}: ${details}`, { cause: thrown })
    case status.RESOURCE_EXHAUSTED:
      return new FmworkError('LIMIT_EXCEEDED', `coordinator ${peer}: ${details}`, {
        cause: thrown,
      })
    case status.UNIMPLEMENTED:
      return new FmworkError('VERSION_MISMATCH', `coordinator ${peer}: ${details}`, {
        cause: thrown,
      })
    // Our own coordinator sends none of these bare: something else answers there, or a bug.
    case status.OK:
    case status.UNKNOWN:
    case status.INVALID_ARGUMENT:
    case status.NOT_FOUND:
    case status.ALREADY_EXISTS:
    case status.FAILED_PRECONDITION:
    case status.ABORTED:
    case status.OUT_OF_RANGE:
    case status.INTERNAL:
    case status.DATA_LOSS:
      return new FmworkError('INTERNAL', `coordinator ${peer}: ${status[code]}: ${details}`, {
        cause: thrown,
      })
  }
}
