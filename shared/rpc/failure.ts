import { randomUUID } from 'node:crypto'
import { FmworkError } from '../domain/errors.js'
import type { Log } from '../process/log.js'
import { isDeliberate, statusOf } from './errors.js'
import type { StatusError } from './errors.js'

/** What the callers of a server that is going away hear: come back later. */
export const shuttingDown = (): FmworkError =>
  new FmworkError('COORDINATOR_UNREACHABLE', 'the coordinator is shutting down')

/**
 * The status that ends a call whose handler threw. A fault of ours reaches the caller as a number
 * only; the log has the rest under the same number.
 */
export function failureStatus(thrown: unknown, log: Log, method: string): StatusError {
  if (isDeliberate(thrown)) {
    log.debug({ method, code: thrown.code, reason: thrown.message }, 'call refused')
    return statusOf(thrown)
  }
  const id = randomUUID()
  log.error({ method, err: thrown, failure: id }, 'call failed')
  return statusOf(new FmworkError('INTERNAL', `internal failure ${id}`))
}
