import { asFmworkError } from '../../shared/domain/errors.js'
import type { ErrorCode } from '../../shared/domain/error-table.js'
import type { FmworkError } from '../../shared/domain/errors.js'
import { isInvalid } from '../../shared/domain/measurement.js'
import type { Measurement } from '../../shared/domain/measurement.js'
import type { HeldLease } from '../../shared/domain/lease.js'
import type { ReportBatch, ReportItem, ReportReceipt } from '../../shared/domain/report-item.js'
import { blockOf } from '../../shared/domain/configuration.js'
import { canRun } from '../plan/capability.js'
import { hasDataOf } from '../../shared/domain/eligibility.js'
import { observationOf } from './observation.js'
import { backoffMs, invalidCode, maxAttempts } from './retry-policy.js'
import type { TrialFailure } from './store-port.js'
import type { StoredTrial } from './store-records.js'
import type { SweepRegistry } from './sweep-registry.js'
import type { DispatchTools, SweepRun } from './sweep-run.js'

type ItemOf<Kind extends ReportItem['kind']> = Extract<ReportItem, { kind: Kind }>

/** What to do once the batch is on disk. */
type After = (() => void)[]

interface Recorded {
  readonly agent: string
  readonly refused: readonly string[]
  readonly after: After
  readonly fault?: FmworkError
}

const diskTroubles: readonly ErrorCode[] = ['DISK_FULL', 'STORE_CORRUPT', 'DATA_FOLDER_UNWRITABLE']

/** Writes what agents report, once, and passes results on to the planners. */
export class Recorder {
  readonly #tools: DispatchTools
  readonly #sweeps: SweepRegistry

  constructor(tools: DispatchTools, sweeps: SweepRegistry) {
    this.#tools = tools
    this.#sweeps = sweeps
  }

  /**
   * Records batches of several agents in one transaction, since reaching the disk is what costs. Each
   * batch is recorded whole or not at all; one that comes again changes nothing; a fault in one is its
   * own. What each answer gives, once the store is settled, is its receipt, or throws what went wrong
   * with it.
   *
   * @throws FmworkError DISK_FULL, STORE_CORRUPT, DATA_FOLDER_UNWRITABLE: then none is recorded.
   */
  record(batches: readonly ReportBatch[]): (() => ReportReceipt)[] {
    const { store } = this.#tools
    const recorded = store.ahead(() => batches.map((batch) => this.#batch(batch)))
    // All are recorded: what goes wrong with one from here on must not keep the others’ from being told.
    for (const { after } of recorded) for (const effect of after) this.#run(effect)
    return recorded.map(({ agent, refused, fault }) => () => {
      if (fault !== undefined) throw fault
      return { acknowledgedSequence: store.acknowledgedSequence(agent), refusedTrials: refused }
    })
  }

  #run(effect: () => void): void {
    try {
      effect()
    } catch (thrown) {
      this.#tools.log.error({ err: thrown }, 'after a report was recorded')
    }
  }

  /** Inside a transaction. */
  #batch({ agent, sequence, items }: ReportBatch): Recorded {
    const { store } = this.#tools
    const after: After = []
    try {
      const refused = store.atomically(() => {
        const known = store.receiptOf(agent, sequence)
        if (known !== undefined) return known
        const found = items.flatMap((item) => this.#item(agent, item, after) ?? [])
        store.saveReceipt(agent, sequence, found)
        return found
      })
      return { agent, refused, after }
    } catch (thrown) {
      const fault = asFmworkError(thrown)
      // The disk’s trouble is everybody’s: SQLite may have ended the whole transaction.
      if (diskTroubles.includes(fault.code)) throw fault
      return { agent, refused: [], after: [], fault }
    }
  }

  /** @returns the trial whose result is refused, if one is. */
  #item(agent: string, item: ReportItem, after: After): string | undefined {
    const { store } = this.#tools
    switch (item.kind) {
      case 'engine-started':
        this.#engineStarted(agent, item, after)
        return undefined
      case 'trial-started':
        this.#trialStarted(agent, item, after)
        return undefined
      case 'trial-samples': {
        const trial = store.findTrial(item.trialId)
        if (trial !== undefined && isHolder(agent, trial, item.lease)) {
          store.addSamples(item.trialId, item.lease.token, item.samples)
        }
        return undefined
      }
      case 'telemetry': {
        const known = item.trialId !== undefined && store.findTrial(item.trialId)?.agent === agent
        store.addTelemetry(agent, known ? item.trialId : undefined, item.readings)
        return undefined
      }
      case 'trial-cut': {
        const { lease, trialId, deviceSeconds } = item
        if (!this.#wasGranted(agent, lease)) return undefined
        store.cutTrial(trialId, lease, { deviceSeconds, at: this.#tools.clock.wall() })
        after.push(() => {
          this.#tools.registry.rests(agent, trialId)
        })
        return undefined
      }
      case 'trial-result':
        return this.#result(agent, item, after) ? undefined : item.trialId
    }
  }

  /** An agent speaks for its own leases only, those that are over included. */
  #wasGranted(agent: string, { leaseId }: HeldLease): boolean {
    return this.#tools.store.findLease(leaseId)?.agent === agent
  }

  #engineStarted(
    agent: string,
    { lease, facts, startUpSeconds }: ItemOf<'engine-started'>,
    after: After,
  ): void {
    const { store, clock } = this.#tools
    const stored = store.findLease(lease.leaseId)
    if (stored?.token !== lease.token || stored.agent !== agent) return
    const run = this.#sweeps.find(stored.sweepId)
    const block = run.ground?.blocks.representative(stored.blockKey)
    const deviceSeconds = startUpSeconds * (block?.tensorParallel ?? 1)
    store.addEngineStart({ lease, facts, startUpSeconds, deviceSeconds, at: clock.wall() })
    if (run.state !== 'RUNNING' && run.state !== 'PAUSED') return
    after.push(run.ledger.note({ kind: 'engine', blockKey: stored.blockKey, facts }), () => {
      run.refresh()
    })
  }

  #trialStarted(agent: string, { lease, trialId }: ItemOf<'trial-started'>, after: After): void {
    const { store, clock, registry } = this.#tools
    const trial = store.findTrial(trialId)
    if (trial === undefined || !isHolder(agent, trial, lease)) return
    // The coordinator’s clock, not the agent’s: it is compared with the end of leases.
    const at = clock.wall()
    if (!store.startTrial(trialId, lease.token, at)) store.restartTrial(trialId, lease.token, at)
    after.push(() => {
      registry.runs(agent, trialId)
      this.#sweeps.find(trial.sweepId).feed.changed()
    })
  }

  /** @returns false for a result that is refused because its lease is stale. */
  #result(
    agent: string,
    { lease, trialId, outcome }: ItemOf<'trial-result'>,
    after: After,
  ): boolean {
    const { store, clock, log, registry, bell } = this.#tools
    const trial = store.findTrial(trialId)
    const at = clock.wall()
    const deviceSeconds =
      outcome.kind === 'measured' ? outcome.measurement.deviceSeconds : outcome.deviceSeconds
    if (trial === undefined || !isHolder(agent, trial, lease)) {
      // In vain, but paid for.
      if (this.#wasGranted(agent, lease)) store.cutTrial(trialId, lease, { deviceSeconds, at })
      return false
    }
    if (trial.endedAt !== undefined) {
      // Dropped while it ran: it is owed its cost. Or the same result under another number. Or one
      // that could not be read when it first came.
      if (!store.chargeDropped(trialId, lease.token, { deviceSeconds, at })) {
        if (outcome.kind === 'measured') {
          store.keepRefused(trialId, lease.token, outcome.measurement)
        }
      }
      return true
    }
    const run = this.#sweeps.find(trial.sweepId)
    after.push(() => {
      registry.rests(agent, trialId)
      registry.line(agent)?.wake()
      bell.ring(agent)
    })
    const names = { sweep: run.sweepId, lease: lease.leaseId, trial: trialId, agent }
    const infeasible =
      outcome.kind === 'infeasible' ||
      (outcome.kind === 'failed' && outcome.code === 'CONFIGURATION_INFEASIBLE')
    if (infeasible) {
      const { reason } = outcome
      store.closeInfeasible(trialId, lease.token, reason, { deviceSeconds, at })
      this.#tell(run, trial, undefined, deviceSeconds, at, after)
      after.push(() => {
        log.info({ ...names, reason }, 'trial infeasible')
      })
    } else if (outcome.kind === 'measured' && !isInvalid(outcome.measurement)) {
      store.succeedTrial(trialId, lease.token, outcome.measurement, at)
      this.#tell(run, trial, outcome.measurement, deviceSeconds, at, after)
      after.push(() => {
        log.info({ ...names, purpose: trial.purpose, deviceSeconds }, 'trial succeeded')
      })
    } else {
      const failure: TrialFailure =
        outcome.kind === 'measured'
          ? {
              code: invalidCode,
              reason: doubtsOf(outcome.measurement),
              cost: { deviceSeconds, at },
              measurement: outcome.measurement,
            }
          : { code: outcome.code, reason: outcome.reason, cost: { deviceSeconds, at } }
      this.#failed(run, trial, lease, failure, after)
    }
    after.push(() => {
      this.#ended(run, trial)
    })
    return true
  }

  /** A result for the strategy; the reference that `fmwork verify` measures never is one. */
  #tell(
    run: SweepRun,
    trial: StoredTrial,
    measurement: Measurement | undefined,
    cost: number,
    at: number,
    after: After,
  ): void {
    if (trial.purpose !== 'verify') {
      const observation = observationOf(trial, measurement, cost, at, run.harvestSpace)
      after.push(run.ledger.note({ kind: 'tell', observation }))
    }
    after.push(() => {
      run.streak.success()
    })
  }

  #failed(
    run: SweepRun,
    trial: StoredTrial,
    { leaseId, token }: HeldLease,
    failure: TrialFailure,
    after: After,
  ): void {
    const { store, log } = this.#tools
    const { trialId, index, purpose, attempt, agent } = trial
    const { code, reason } = failure
    const names = { sweep: run.sweepId, lease: leaseId, trial: trialId, agent }
    after.push(() => {
      log.warn({ ...names, attempt, code, reason }, 'trial failed')
    })
    if (attempt < maxAttempts && run.retries) {
      store.failTrial(trialId, token, failure, {
        notBefore: failure.cost.at + backoffMs(attempt),
        avoidAgent: agent,
        seed: run.seedFor(index, purpose, attempt + 1),
      })
    } else {
      store.giveUpTrial(trialId, token, failure)
      if (purpose !== 'verify') {
        if (purpose !== 'repeat') after.push(() => run.abandon(index))
        after.push(run.ledger.note({ kind: 'remove', index }))
      }
    }
    if (purpose === 'verify') return
    after.push(() => {
      const { measured, infeasible } = store.totals(run.sweepId)
      const verdict = run.streak.failure(failure, {
        anyResult: measured + infeasible > 0,
        elsewhere: this.#canGoElsewhere(run, trial),
      })
      if (verdict !== undefined) run.fail(verdict)
    })
  }

  #canGoElsewhere({ spec }: SweepRun, { agent, configuration }: StoredTrial): boolean {
    return this.#tools.registry
      .allConnected()
      .some(
        (other) =>
          other.agent !== agent && hasDataOf(other, spec) && canRun(other, blockOf(configuration)),
      )
  }

  #ended(run: SweepRun, { trialId, purpose }: StoredTrial): void {
    run.feed.trialEnded(trialId)
    if (purpose !== 'verify') {
      run.refresh()
      return
    }
    const { verifyOrdered, verifyMeasured } = this.#tools.store.totals(run.sweepId)
    if (verifyMeasured >= verifyOrdered) this.#sweeps.verifies(run.sweepId, false)
  }
}

/**
 * Was the trial last granted to this agent, under this very lease. The lease itself may be over:
 * until somebody else is given the trial, its result is welcome.
 */
function isHolder(agent: string, trial: StoredTrial, { leaseId, token }: HeldLease): boolean {
  return trial.agent === agent && trial.lease?.leaseId === leaseId && trial.lease.token === token
}

function doubtsOf({ doubts }: Measurement): string {
  return doubts
    .filter(({ severity }) => severity === 'invalid')
    .map(({ kind, detail }) => `${kind}: ${detail}`)
    .join('; ')
}
