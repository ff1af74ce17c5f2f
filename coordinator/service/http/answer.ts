import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { errorTable } from '../../../shared/domain/error-table.js'
import { asFmworkError } from '../../../shared/domain/errors.js'
import type { GrpcStatusName } from '../../../shared/domain/error-table.js'
import type { Log } from '../../../shared/process/log.js'
import type { ErrorView } from './api.js'

const zipped = promisify(gzip)
/** Smaller texts are not worth a turn of the compressor. */
const worthZipping = 2048

/** Every answer says these: no script but our own, no frame, no guess of a type. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

const httpStatus: Readonly<Record<GrpcStatusName, number>> = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  FAILED_PRECONDITION: 409,
  RESOURCE_EXHAUSTED: 429,
  UNAVAILABLE: 503,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  DEADLINE_EXCEEDED: 504,
  UNIMPLEMENTED: 501,
  DATA_LOSS: 500,
  ABORTED: 409,
  INTERNAL: 500,
}

export function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = request.headers['accept-encoding']
  return typeof accepted === 'string' && /\bgzip\b/.test(accepted)
}

/** JSON has no word for what is not finite: null says that it is not known. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? null : inner,
  )

export async function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const text = toJson(value)
  const zip = text.length >= worthZipping && acceptsGzip(request)
  const body = zip ? await zipped(text, { level: constants.Z_BEST_SPEED }) : Buffer.from(text)
  if (response.destroyed) return
  response.writeHead(status, {
    ...commonHeaders,
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.byteLength,
    vary: 'accept-encoding',
    ...(zip ? { 'content-encoding': 'gzip' } : {}),
    ...headers,
  })
  response.end(body)
}

export function sendBytes(
  response: ServerResponse,
  type: string,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(200, {
    ...commonHeaders,
    'content-type': type,
    'content-length': bytes.byteLength,
    ...headers,
  })
  response.end(bytes)
}

/** What a failure is called over HTTP. A fault of ours keeps its details in the log. */
export async function sendFailure(
  request: IncomingMessage,
  response: ServerResponse,
  thrown: unknown,
  log: Log,
): Promise<void> {
  const error = asFmworkError(thrown)
  const { code, hint, problems } = error
  const fault = code === 'INTERNAL'
  if (fault) log.error({ err: error.cause ?? error, url: request.url }, 'a request failed')
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const view: ErrorView = {
    error: {
      code,
      message: fault ? 'a fault of ours; the log has it' : error.message,
      hint,
      problems,
    },
  }
  await sendJson(request, response, httpStatus[errorTable[code].grpc], view)
}
