import type { PlannerLogShelf } from '../dispatch/store-port.js'
import type { PlannerCall } from '../dispatch/store-records.js'
import type { Ids } from './ids.js'
import { fromJson, toJson } from './json.js'
import { number, text } from './row.js'
import type { Statements } from './statements.js'

export function createPlannerLogShelf(statements: Statements, ids: Ids): PlannerLogShelf {
  const sweepRow = (sweepId: string) => ids.parse('s', sweepId) ?? 0
  return {
    appendPlannerCall(sweepId, callNumber, call) {
      statements.run('append-planner-call', {
        sweep: sweepRow(sweepId),
        number: callNumber,
        call: toJson(call),
      })
    },
    plannerCalls: (sweepId, after, limit) =>
      statements
        .all('list-planner-calls', { sweep: sweepRow(sweepId), after, limit })
        .map((row) => ({
          number: number(row, 'number'),
          call: fromJson(text(row, 'call')) as PlannerCall,
        })),
    lastPlannerCall(sweepId) {
      const row = statements.first('last-planner-call', { sweep: sweepRow(sweepId) })
      return row === undefined ? 0 : number(row, 'number')
    },
  }
}
