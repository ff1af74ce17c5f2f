import { asFmworkError } from '../../shared/domain/errors.js'
import type { FmworkError } from '../../shared/domain/errors.js'
import type { ReportBatch, ReportReceipt } from '../../shared/domain/report-item.js'
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

/** Attempts after which a batch that the coordinator cannot understand is set aside. */
const hopelessAttempts = 5

/** Errors that a batch itself causes: sent again, it fails again and holds up all behind it. */
const isHopeless = (error: FmworkError): boolean =>
  error.code === 'MESSAGE_INVALID' || error.code === 'LIMIT_EXCEEDED'

/**
 * Sends the outbox’s batches in order, one at a time, each until it is acknowledged. A coordinator
 * that is away costs nothing but time. Rejects only with the signal’s reason.
 */
export async function reportForEver(options: ReporterOptions, signal: AbortSignal): Promise<never> {
  const { outbox } = options
  let after = 0
  for (;;) {
    const batch = await outbox.take(after, signal)
    const receipt = await send(batch, options, signal)
    after = batch.sequence
    if (receipt === undefined) continue
    await outbox.acknowledge(receipt.acknowledgedSequence)
    if (receipt.refusedTrials.length > 0) options.refused(receipt.refusedTrials)
  }
}

async function send(
  batch: ReportBatch,
  { report, clock, backoff, log }: ReporterOptions,
  signal: AbortSignal,
): Promise<ReportReceipt | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    try {
      const receipt = await report(batch)
      backoff.succeeded()
      return receipt
    } catch (thrown) {
      const error = asFmworkError(thrown)
      const { sequence } = batch
      if (isHopeless(error) && attempt >= hopelessAttempts) {
        log.error({ sequence, err: error }, 'a batch is refused again and again: set aside')
        return undefined
      }
      log.warn({ sequence, attempt, code: error.code, reason: error.message }, 'report: again')
      await clock.sleep(backoff.next(), signal)
    }
  }
}
