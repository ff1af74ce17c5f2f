import { asFmworkError } from '../../shared/domain/errors.js'
import type { FmworkError } from '../../shared/domain/errors.js'
import type { ReportBatch, ReportItem, ReportReceipt } from '../../shared/domain/report-item.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { Backoff } from './backoff.js'
import type { Outbox } from './outbox.js'

export interface ReporterOptions {
  readonly outbox: Outbox
  readonly report: (batch: ReportBatch) => Promise<ReportReceipt>
  readonly clock: Clock
  readonly backoff: Backoff
  readonly log: Log
  /** Told of trials whose results were refused because their lease is stale. */
  readonly refused: (trialIds: readonly string[]) => void
}

/**
 * Attempts after which a batch that the coordinator cannot understand, or that is above one of its
 * limits, is set aside. A limit on the rate passes by itself, so that one takes minutes.
 */
const hopelessAttempts = { MESSAGE_INVALID: 5, LIMIT_EXCEEDED: 25 } as const
/** Seconds after which what is in quarantine is tried again, whatever else happens. */
const readmitSeconds = 600

/** Errors that a batch itself causes: sent again, it fails again and holds up all behind it. */
const isHopeless = ({ code }: FmworkError, attempt: number): boolean =>
  (code === 'MESSAGE_INVALID' || code === 'LIMIT_EXCEEDED') && attempt >= hopelessAttempts[code]

/**
 * Sends the outbox’s batches in order, one at a time, each until it is acknowledged. A coordinator
 * that is away costs nothing but time. Rejects only with the signal’s reason.
 */
export async function reportForEver(options: ReporterOptions, signal: AbortSignal): Promise<never> {
  const { outbox } = options
  let after = 0
  const cancel = readmitNowAndThen(options)
  try {
    for (;;) {
      const batch = await outbox.take(after, signal)
      const answer = await send(batch, options, signal)
      after = batch.sequence
      if (answer.kind === 'refused') {
        await setAside(batch, answer.error, options)
        continue
      }
      await outbox.acknowledge(answer.receipt.acknowledgedSequence)
      const { refusedTrials } = answer.receipt
      if (refusedTrials.length > 0) options.refused(refusedTrials)
    }
  } finally {
    cancel()
  }
}

/** What was refused for the coordinator’s state of that moment may be welcome later. */
function readmitNowAndThen({ outbox, clock, log }: ReporterOptions): () => void {
  const again = () => {
    outbox.readmit().catch((error: unknown) => {
      log.error({ err: error }, 'the quarantine could not be sent again')
    })
    cancel = clock.after(readmitSeconds, again)
  }
  let cancel = clock.after(readmitSeconds, again)
  return () => {
    cancel()
  }
}

/** Keeps what is refused, and frees a trial whose result it is: it is tried again elsewhere. */
async function setAside(
  batch: ReportBatch,
  error: FmworkError,
  { outbox, refused }: ReporterOptions,
): Promise<void> {
  const item = await outbox.setAside(batch, error)
  if (item?.kind !== 'trial-result') return
  if (isNotice(item)) {
    // Not even that can be said: the lease is given up, and the trial goes with it.
    refused([item.trialId])
    return
  }
  await outbox.addDurably(noticeOf(item, error))
}

type ResultItem = Extract<ReportItem, { kind: 'trial-result' }>

function noticeOf({ lease, trialId, outcome }: ResultItem, error: FmworkError): ResultItem {
  const deviceSeconds =
    outcome.kind === 'measured' ? outcome.measurement.deviceSeconds : outcome.deviceSeconds
  const reason = `the coordinator cannot take its result (${error.code}); the agent keeps it in quarantine`
  const failed = { kind: 'failed', code: 'REPORT_REFUSED', reason, deviceSeconds } as const
  return { kind: 'trial-result', lease, trialId, outcome: failed }
}

const isNotice = ({ outcome }: ResultItem): boolean =>
  outcome.kind === 'failed' && outcome.code === 'REPORT_REFUSED'

type Answer =
  | { readonly kind: 'taken'; readonly receipt: ReportReceipt }
  | { readonly kind: 'refused'; readonly error: FmworkError }

async function send(
  batch: ReportBatch,
  { report, clock, backoff, log }: ReporterOptions,
  signal: AbortSignal,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    try {
      const receipt = await report(batch)
      backoff.succeeded()
      return { kind: 'taken', receipt }
    } catch (thrown) {
      const error = asFmworkError(thrown)
      const { sequence } = batch
      if (isHopeless(error, attempt)) {
        return { kind: 'refused', error }
      }
      log.warn({ sequence, attempt, code: error.code, reason: error.message }, 'report: again')
      await clock.sleep(backoff.next(), signal)
    }
  }
}
