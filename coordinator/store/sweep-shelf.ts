import type { MetricAccuracy } from '../../shared/domain/meta-metrics.js'
import type { CurvePoint } from '../../shared/domain/sweep-desk.js'
import type { SweepState } from '../../shared/domain/trial.js'
import type { SweepShelf } from '../dispatch/store-port.js'
import type { StoredSweep, SweepTotals } from '../dispatch/store-records.js'
import type { PlanStatus } from '../plan/planner.js'
import type { Ids } from './ids.js'
import { fromJson, toJson } from './json.js'
import { number, optionalNumber, optionalText, text } from './row.js'
import type { Row, Statements } from './statements.js'

function sweepOf(row: Row, ids: Ids): StoredSweep {
  const hardware = optionalText(row, 'hardware')
  const endedAt = optionalNumber(row, 'ended_at')
  const planStatus = optionalText(row, 'plan_status')
  return {
    sweepId: ids.format('s', number(row, 'id')),
    name: text(row, 'name'),
    text: text(row, 'text'),
    state: text(row, 'state') as SweepState,
    reason: text(row, 'reason'),
    goalReached: number(row, 'goal_reached') === 1,
    createdAt: number(row, 'created_at'),
    activeSeconds: number(row, 'active_seconds'),
    ...(hardware === undefined ? {} : { hardware: fromJson(hardware) as string[] }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(planStatus === undefined ? {} : { planStatus: fromJson(planStatus) as PlanStatus }),
  }
}

export function createSweepShelf(statements: Statements, ids: Ids): SweepShelf {
  /** 0 is no row’s number: a foreign id finds nothing. */
  const rowOf = (sweepId: string) => ids.parse('s', sweepId) ?? 0
  return {
    insertSweep({ name, text: file, hardware, createdAt }) {
      const row = statements.first('insert-sweep', {
        name,
        text: file,
        hardware: hardware === undefined ? null : toJson(hardware),
        at: createdAt,
      })
      return row === undefined ? undefined : sweepOf(row, ids)
    },
    findSweep(idOrName) {
      const row = statements.first('find-sweep', { id: rowOf(idOrName), name: idOrName })
      return row === undefined ? undefined : sweepOf(row, ids)
    },
    listSweeps: () => statements.all('list-sweeps').map((row) => sweepOf(row, ids)),
    fixHardware(sweepId, hardware) {
      statements.run('fix-hardware', { id: rowOf(sweepId), hardware: toJson(hardware) })
    },
    moveSweep(sweepId, from, to, note) {
      const changed = statements.run('move-sweep', {
        id: rowOf(sweepId),
        from: toJson(from),
        state: to,
        reason: note.reason,
        goal_reached: note.goalReached === true ? 1 : 0,
        at: note.at,
      })
      return changed === 1
    },
    extendSweep(sweepId, file, at) {
      const parameters = { id: rowOf(sweepId), text: file, at }
      return statements.atomically(() => {
        if (statements.run('keep-claim', parameters) === 0) return false
        return statements.run('extend-sweep', parameters) === 1
      })
    },
    earlierTexts: (sweepId) =>
      statements
        .all('list-earlier-texts', { sweep: rowOf(sweepId) })
        .map((row) => text(row, 'text')),
    savePlanStatus(sweepId, status) {
      const parameters = { id: rowOf(sweepId), plan_status: toJson(status) }
      return statements.run('save-plan-status', parameters) === 1
    },
    addActiveSeconds(sweepId, seconds) {
      statements.run('add-active-seconds', { id: rowOf(sweepId), seconds })
    },
    addCurvePoint(sweepId, point) {
      statements.run('add-curve-point', {
        sweep: rowOf(sweepId),
        device_seconds: point.deviceSeconds,
        measured: point.measured,
        accuracy: toJson(point.accuracy),
      })
    },
    curve: (sweepId) =>
      statements.all('read-curve', { sweep: rowOf(sweepId) }).map((row): CurvePoint => ({
        deviceSeconds: number(row, 'device_seconds'),
        measured: number(row, 'measured'),
        accuracy: fromJson(text(row, 'accuracy')) as MetricAccuracy[],
      })),
    totals: (sweepId) => totalsOf(statements, rowOf(sweepId)),
  }
}

function totalsOf(statements: Statements, sweep: number): SweepTotals {
  const trials = statements.first('sum-trials', { sweep }) ?? {}
  const starts = statements.first('sum-engine-starts', { sweep }) ?? {}
  const byHardware = statements.all('sum-device-seconds', { sweep })
  const firstGrantAt = optionalNumber(starts, 'first_grant_at')
  const lastResultAt = optionalNumber(trials, 'last_result_at')
  const energyKnown = number(trials, 'without_energy') === 0 && number(trials, 'energy') > 0
  return {
    measured: number(trials, 'measured'),
    audits: number(trials, 'audits'),
    infeasible: number(trials, 'infeasible'),
    failed: number(trials, 'failed'),
    invalid: number(trials, 'invalid'),
    pending: number(trials, 'pending'),
    inFlight: number(trials, 'in_flight'),
    attempts: number(trials, 'attempts'),
    deviceSecondsByHardware: Object.fromEntries(
      byHardware.map((row) => [text(row, 'hardware'), number(row, 'device_seconds')]),
    ),
    setUp: number(trials, 'set_up') + number(starts, 'seconds'),
    warmUp: number(trials, 'warm_up'),
    measuring: number(trials, 'measuring'),
    gaps: number(trials, 'gaps'),
    engineStarts: number(starts, 'starts'),
    engineStartDeviceSeconds: number(starts, 'device_seconds'),
    verifyOrdered: number(trials, 'verify_ordered'),
    verifyMeasured: number(trials, 'verify_measured'),
    ...(energyKnown ? { energyJoules: number(trials, 'energy') } : {}),
    ...(firstGrantAt === undefined ? {} : { firstGrantAt }),
    ...(lastResultAt === undefined ? {} : { lastResultAt }),
  }
}
