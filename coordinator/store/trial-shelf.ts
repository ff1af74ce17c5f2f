import { blockKey, configurationKey } from '../../shared/domain/configuration.js'
import type { Measurement } from '../../shared/domain/measurement.js'
import { engineKindOf } from '../../shared/domain/sweep.js'
import type { TrialFailure, TrialShelf } from '../dispatch/store-port.js'
import type { StoredTrial, TrialCost } from '../dispatch/store-records.js'
import type { Ids } from './ids.js'
import { toJson } from './json.js'
import { number } from './row.js'
import type { Row, Statements } from './statements.js'
import { measurementParameters, trialOf } from './trial-row.js'

export function createTrialShelf(statements: Statements, ids: Ids, now: () => number): TrialShelf {
  const sweepRow = (sweepId: string) => ids.parse('s', sweepId) ?? 0
  const trialRow = (trialId: string) => ids.parse('t', trialId) ?? 0
  const trialsFrom = (rows: Row[]) => rows.map((row) => trialOf(row, ids))
  const byRow = (row: number): StoredTrial | undefined => {
    const found = statements.first('find-trial', { id: row })
    return found === undefined ? undefined : trialOf(found, ids)
  }

  /** Moves a trial to a final state; what its lost lease was charged for it is told exactly now. */
  function end(
    statement: string,
    trialId: string,
    token: number,
    cost: TrialCost,
    rest: Readonly<Record<string, string>> = {},
    measurement?: Measurement,
  ): boolean {
    const id = trialRow(trialId)
    return statements.atomically(() => {
      const changed = statements.run(statement, {
        id,
        lease: token,
        at: cost.at,
        device_seconds: cost.deviceSeconds,
        ...rest,
      })
      if (changed === 0) return false
      statements.run('forget-loss', { id, lease: token })
      if (measurement !== undefined) {
        statements.run('insert-measurement', measurementParameters(id, measurement))
      }
      return true
    })
  }
  const endFailed = (statement: string, trialId: string, token: number, failure: TrialFailure) =>
    end(
      statement,
      trialId,
      token,
      failure.cost,
      { reason: failure.reason, code: failure.code },
      failure.measurement,
    )

  return {
    queueTrial({ sweepId, index, configuration, purpose, why, seed, queuedAt }) {
      const row = statements.first('queue-trial', {
        sweep: sweepRow(sweepId),
        index,
        configuration_key: configurationKey(configuration),
        configuration: toJson(configuration),
        block_key: blockKey(configuration),
        hardware: configuration.hardware,
        engine_kind: engineKindOf(configuration.engine),
        tensor_parallel: configuration.tensorParallel,
        purpose,
        seed,
        why,
        at: queuedAt,
      })
      return row === undefined ? undefined : byRow(number(row, 'id'))
    },
    findTrial: (trialId) => byRow(trialRow(trialId)),
    trialsOf: (sweepId, afterTrial, limit) =>
      trialsFrom(
        statements.all('list-trials', {
          sweep: sweepRow(sweepId),
          after: afterTrial === undefined ? 0 : trialRow(afterTrial),
          limit,
        }),
      ),
    activeTrials: (leaseId) =>
      trialsFrom(statements.all('list-active-trials', { lease: ids.parse('l', leaseId) ?? 0 })),
    claimable: (filter, limit) =>
      trialsFrom(
        statements.all('list-claimable-trials', {
          sweep: sweepRow(filter.sweepId),
          agent: filter.agent,
          hardware: filter.hardware,
          device_count: filter.deviceCount,
          engines: toJson(filter.engines),
          block_key: filter.blockKey ?? null,
          now: filter.now,
          even_if_avoided: filter.evenIfAvoided ? 1 : 0,
          limit,
        }),
      ),
    leaseTrial: (trialId, lease) =>
      statements.run('lease-trial', { id: trialRow(trialId), lease: lease.token, at: now() }) === 1,
    startTrial: (trialId, token, at) =>
      statements.run('start-trial', { id: trialRow(trialId), lease: token, at }) === 1,
    restartTrial(trialId, token, at) {
      const parameters = { id: trialRow(trialId), lease: token, at }
      return statements.atomically(() => {
        statements.run('restart-trial', parameters)
        return statements.run('mark-restart', parameters) === 1
      })
    },
    succeedTrial: (trialId, token, measurement, at) =>
      end(
        'succeed-trial',
        trialId,
        token,
        { deviceSeconds: measurement.deviceSeconds, at },
        {},
        measurement,
      ),
    closeInfeasible: (trialId, token, reason, cost) =>
      end('close-infeasible', trialId, token, cost, { reason }),
    failTrial(trialId, token, failure, retry) {
      return statements.atomically(() => {
        if (!endFailed('fail-trial', trialId, token, failure)) return undefined
        const row = statements.first('queue-retry', {
          id: trialRow(trialId),
          seed: retry.seed,
          at: failure.cost.at,
          not_before: retry.notBefore,
          avoid_agent: retry.avoidAgent,
        })
        return row === undefined ? undefined : byRow(number(row, 'id'))
      })
    },
    giveUpTrial: (trialId, token, failure) => endFailed('give-up-trial', trialId, token, failure),
    dropTrials(sweepId, which, reason, at) {
      const these = { sweep: sweepRow(sweepId), verify: which.verify ? 1 : 0, at }
      const inFlight = which.inFlight ? 1 : 0
      return statements.atomically(() => {
        if (which.inFlight) statements.run('charge-dropped-loss', these)
        const rows = statements.all('drop-trials', { ...these, in_flight: inFlight, reason })
        return rows.flatMap((row) => byRow(number(row, 'id')) ?? [])
      })
    },
    chargeDropped(trialId, token, cost) {
      const id = trialRow(trialId)
      return statements.atomically(() => {
        const parameters = { id, lease: token, device_seconds: cost.deviceSeconds }
        if (statements.run('charge-dropped', parameters) === 0) return false
        statements.run('forget-loss', { id, lease: token })
        return true
      })
    },
    cutTrial(trialId, lease, cost) {
      const id = trialRow(trialId)
      if (ids.parse('l', lease.leaseId) !== lease.token) return false
      return statements.atomically(() => {
        const { deviceSeconds, at } = cost
        const parameters = { id, lease: lease.token, at, device_seconds: deviceSeconds }
        if (statements.run('cut-trial', parameters) === 0) return false
        statements.run('forget-loss', { id, lease: lease.token })
        return true
      })
    },
    keepRefused(trialId, token, measurement) {
      const id = trialRow(trialId)
      return statements.atomically(() => {
        const { deviceSeconds } = measurement
        const parameters = { id, lease: token, device_seconds: deviceSeconds }
        if (statements.run('keep-refused', parameters) === 0) return false
        return statements.run('insert-measurement', measurementParameters(id, measurement)) === 1
      })
    },
    abandonedIndices: (sweepId) =>
      statements
        .all('list-abandoned', { sweep: sweepRow(sweepId) })
        .map((row) => number(row, 'configuration_index')),
  }
}
