import { FmworkError } from '../../shared/domain/errors.js'
import type { Sample } from '../../shared/domain/sample.js'

/** What engines say when a request can never run here: the context or the memory is too small. */
const infeasibleWords =
  /context_length_exceeded|exceed_context_size|maximum context length|context (size|length|window)|max_model_len|max-model-len|too long|exceeds? the (available|maximum)|out of memory|outofmemory|\bOOM\b|cuda error: memory|kv cache (is )?(full|too small)|no kv cache|insufficient memory|failed to allocate/i

/** Node’s codes for a connection that could not be made or did not hold. */
const connectionWords =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CONNECTION|STREAM_BROKEN)\b/

/**
 * The failure behind requests that did not end well.
 *
 * @param remote the engine is not a process of this agent.
 * @returns CONFIGURATION_INFEASIBLE, ENGINE_UNREACHABLE, ENGINE_FAILED or REQUEST_FAILED.
 */
export function faultOf(failed: readonly Sample[], of: number, remote: boolean): FmworkError {
  const said = (sample: Sample) => sample.error ?? sample.outcome
  const infeasible = failed.find((sample) => refusesForGood(said(sample)))
  if (infeasible !== undefined) {
    return new FmworkError('CONFIGURATION_INFEASIBLE', withoutPrefix(said(infeasible)))
  }
  const first = failed[0]
  const reason = first === undefined ? 'no request was sent' : said(first)
  const message = `${failed.length} of ${of} requests failed; the first: ${reason}`
  if (failed.every((sample) => connectionWords.test(said(sample)))) {
    return new FmworkError(remote ? 'ENGINE_UNREACHABLE' : 'ENGINE_FAILED', message)
  }
  return new FmworkError('REQUEST_FAILED', message)
}

/** An engine that answered (not one that went away) and named a limit that no retry lifts. */
function refusesForGood(error: string): boolean {
  return /^(HTTP (400|413|422|500|507)|STREAM_ERROR)\b/.test(error) && infeasibleWords.test(error)
}

const withoutPrefix = (error: string) => error.replace(/^(HTTP \d+|STREAM_ERROR) /, '')
