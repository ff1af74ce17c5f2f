import type { Configuration } from '../../shared/domain/configuration.js'
import { valuesOf } from '../../shared/domain/measurement.js'
import type { Measurement } from '../../shared/domain/measurement.js'
import type { PastRow } from '../../shared/domain/past.js'
import type { MetricAccuracy } from '../../shared/domain/meta-metrics.js'
import type { CurvePoint } from '../../shared/domain/sweep-desk.js'
import type { SweepState } from '../../shared/domain/trial.js'
import type { SweepShelf } from '../dispatch/store-port.js'
import type { StoredSweep } from '../dispatch/store-records.js'
import type { PlanStatus } from '../plan/planner.js'
import type { Ids } from './ids.js'
import { fromJson, toJson } from './json.js'
import { number, optionalNumber, optionalText, text } from './row.js'
import type { Row, Statements } from './statements.js'
import { totalsOf } from './sweep-totals.js'

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
    insertSweep({ name, text: file, hardware, createdAt, past = [] }) {
      return statements.atomically(() => {
        const row = statements.first('insert-sweep', {
          name,
          text: file,
          hardware: hardware === undefined ? null : toJson(hardware),
          at: createdAt,
        })
        if (row === undefined) return undefined
        if (past.length > 0) {
          statements.run('keep-past', { sweep: number(row, 'id'), rows: toJson(past) })
        }
        return sweepOf(row, ids)
      })
    },
    pastOf(sweepId) {
      const row = statements.first('read-past', { sweep: rowOf(sweepId) })
      return row === undefined ? [] : (fromJson(text(row, 'rows')) as PastRow[])
    },
    measuredRows: (sweepId, limit) =>
      statements.all('list-measured', { sweep: rowOf(sweepId), limit }).map((row) => ({
        configuration: fromJson(text(row, 'configuration')) as Configuration,
        values: valuesOf(fromJson(text(row, 'metrics')) as Measurement['metrics']),
        cost: number(row, 'device_seconds'),
      })),
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
    liveTrials(sweepId) {
      const row = statements.first('count-live-trials', { sweep: rowOf(sweepId) }) ?? {}
      return { queued: number(row, 'queued'), inFlight: number(row, 'in_flight') }
    },
  }
}
