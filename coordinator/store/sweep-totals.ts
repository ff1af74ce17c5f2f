import type { TrialPurpose, TrialState } from '../../shared/domain/trial.js'
import type { SweepTotals } from '../dispatch/store-records.js'
import { number, optionalNumber, text } from './row.js'
import type { Row, Statements } from './statements.js'

interface Group {
  readonly purpose: TrialPurpose
  readonly state: TrialState
  /** `dropped` by a decision, `invalid` for its doubts, or empty. */
  readonly fate: string
  readonly trials: number
  /** Those of them that cost something. */
  readonly paid: number
}

const groupOf = (row: Row): Group => ({
  purpose: text(row, 'purpose') as TrialPurpose,
  state: text(row, 'state') as TrialState,
  fate: text(row, 'fate'),
  trials: number(row, 'trials'),
  paid: number(row, 'paid'),
})

const isLive = ({ state }: Group) => state === 'QUEUED' || isInFlight(state)
const isInFlight = (state: TrialState) => state === 'LEASED' || state === 'RUNNING'
const cameToNothing = ({ state, fate }: Group) =>
  (state === 'FAILED' || state === 'ABANDONED') && fate !== 'dropped'

/** From the tallies that the transitions keep: as quick for a sweep of many trials as for one of few. */
export function totalsOf(statements: Statements, sweep: number): SweepTotals {
  const groups = statements.all('tally-trials', { sweep }).map(groupOf)
  const all = groups.filter(({ purpose }) => purpose !== 'verify')
  const verifying = groups.filter(({ purpose }) => purpose === 'verify')
  const count = (among: readonly Group[], which: (group: Group) => boolean) =>
    among.filter(which).reduce((sum, { trials }) => sum + trials, 0)
  const row = statements.first('tally-sweep', { sweep })
  const sum = (column: string) => (row === undefined ? 0 : number(row, column))
  const moment = (column: string) => (row === undefined ? undefined : optionalNumber(row, column))
  const firstGrantAt = moment('first_grant_at')
  const lastResultAt = moment('last_result_at')
  const paid = all.reduce((total, group) => total + group.paid, 0)
  const energyKnown = sum('with_energy') === paid && sum('energy_joules') > 0
  return {
    measured: sum('measured'),
    audits: count(all, ({ purpose, state }) => purpose === 'audit' && state === 'SUCCEEDED'),
    infeasible: count(all, ({ state }) => state === 'INFEASIBLE'),
    failed: count(all, (group) => cameToNothing(group) && group.fate !== 'invalid'),
    invalid: count(all, (group) => cameToNothing(group) && group.fate === 'invalid'),
    pending: count(all, isLive),
    inFlight: count(all, ({ state }) => isInFlight(state)),
    attempts: count(all, (group) => !isLive(group) && group.fate !== 'dropped'),
    deviceSecondsByHardware: deviceSeconds(statements, sweep),
    setUp: sum('set_up_seconds') + sum('start_up_seconds'),
    warmUp: sum('warm_up_seconds'),
    measuring: sum('measured_seconds'),
    gaps: sum('gap_seconds'),
    engineStarts: sum('engine_starts'),
    engineStartDeviceSeconds: sum('start_device_seconds'),
    verifyOrdered: count(verifying, (group) => isLive(group) || group.state === 'SUCCEEDED'),
    verifyMeasured: count(verifying, ({ state }) => state === 'SUCCEEDED'),
    ...(energyKnown ? { energyJoules: sum('energy_joules') } : {}),
    ...(firstGrantAt === undefined ? {} : { firstGrantAt }),
    ...(lastResultAt === undefined ? {} : { lastResultAt }),
  }
}

function deviceSeconds(statements: Statements, sweep: number): Record<string, number> {
  return Object.fromEntries(
    statements
      .all('tally-devices', { sweep })
      // What an estimate added and took back may leave a rounding error below nothing.
      .map((row) => [text(row, 'hardware'), Math.max(0, number(row, 'device_seconds'))]),
  )
}
