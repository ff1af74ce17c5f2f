import type { Database } from 'better-sqlite3'
import type { Finding } from './finding.js'
import { ok } from './finding.js'
import { tallyLaws } from './tally-laws.js'

interface Law {
  readonly check: string
  /** Counts the rows that break it. */
  readonly sql: string
  readonly broken: (count: number) => string
  readonly level: Finding['level']
  readonly cure: string
}

const restore =
  'Restore a backup, and please report it with the coordinator’s log: FMwork is wrong.'

/** What the coordinator’s transactions keep true; a row here means that something else wrote. */
const laws: readonly Law[] = [
  {
    check: 'trials in flight',
    sql: `SELECT count(*) FROM trial LEFT JOIN lease ON lease.id = trial.lease_id
      WHERE trial.state IN ('LEASED', 'RUNNING') AND coalesce(lease.state, '') <> 'HELD'`,
    broken: (count) => `${count} trials are in flight under no lease: nobody will end them`,
    level: 'fault',
    cure: restore,
  },
  {
    check: 'trials of ended sweeps',
    sql: `SELECT count(*) FROM trial JOIN sweep ON sweep.id = trial.sweep_id
      WHERE trial.state IN ('QUEUED', 'LEASED', 'RUNNING') AND trial.class <> 'verify'
        AND sweep.state IN ('COMPLETED', 'CANCELLED', 'FAILED')`,
    broken: (count) => `${count} trials still wait in sweeps that are over`,
    level: 'fault',
    cure: restore,
  },
  {
    check: 'measurements',
    sql: `SELECT count(*) FROM trial LEFT JOIN measurement ON measurement.trial_id = trial.id
      WHERE trial.state = 'SUCCEEDED' AND measurement.trial_id IS NULL`,
    broken: (count) => `${count} trials SUCCEEDED without a measurement`,
    level: 'fault',
    cure: restore,
  },
  {
    check: 'retries',
    sql: `SELECT count(*) FROM trial JOIN sweep ON sweep.id = trial.sweep_id
      WHERE trial.state = 'FAILED' AND sweep.state = 'RUNNING'
        AND NOT EXISTS (SELECT 1 FROM trial AS next WHERE next.retry_of = trial.id)`,
    broken: (count) => `${count} trials FAILED and have no successor in the queue`,
    level: 'fault',
    cure: restore,
  },
  {
    check: 'devices',
    sql: `SELECT count(*) FROM (
      SELECT lease.agent FROM lease JOIN block ON block.id = lease.block_id
      JOIN agent ON agent.name = lease.agent WHERE lease.state = 'HELD'
      GROUP BY lease.agent HAVING sum(block.tensor_parallel) > max(agent.device_count))`,
    broken: (count) => `${count} agents hold leases on more devices than they have`,
    level: 'warning',
    cure: 'Nothing if their device count was lowered a moment ago: no more is granted until leases end.',
  },
]

/** The laws of the state machine, over every row. */
export function checkStates(database: Database): Finding[] {
  return laws.map(({ check, sql, broken, level, cure }) => {
    const count = database.prepare(sql).pluck().get() as number
    return count === 0 ? ok(check, 'as they must be') : { check, level, found: broken(count), cure }
  })
}

/** What is counted as it happens, counted anew. */
export function checkTallies(database: Database): Finding {
  const check = 'tallies'
  const wrong = tallyLaws.reduce(
    (sum, sql) => sum + (database.prepare(sql).pluck().get() as number),
    0,
  )
  if (wrong === 0) return ok(check, 'as a new count gives them')
  const found = `${wrong} tallies differ from a new count: status, budgets and forecasts rest on them`
  return { check, level: 'fault', found, cure: restore }
}

/** Leases that nobody watches, because no coordinator runs. */
export function checkLeases(database: Database, coordinatorRuns: boolean, now: number): Finding {
  const check = 'leases'
  const held = database
    .prepare("SELECT count(*) AS held, min(expires_at) AS oldest FROM lease WHERE state = 'HELD'")
    .get() as { held: number; oldest: number | null }
  if (held.held === 0) return ok(check, 'none is held')
  if (coordinatorRuns) return ok(check, `${held.held} are held`)
  const over = held.oldest !== null && held.oldest < now
  return {
    check,
    level: 'note',
    found: `${held.held} are held${over ? ', some past their time,' : ''} and no coordinator runs`,
    cure: 'Nothing: the next coordinator gives their agents one term to come back, then queues their trials again.',
  }
}

/** Rows dated later than now: the clock jumped back since. */
export function checkClock(database: Database, now: number): Finding {
  const check = 'clock'
  const latest = database
    .prepare(
      'SELECT max(at) FROM (SELECT max(changed_at) AS at FROM trial UNION ALL SELECT max(last_seen_at) FROM agent)',
    )
    .pluck()
    .get() as number | null
  const ahead = latest === null ? 0 : (latest - now) / 1000
  if (ahead < 60) return ok(check, 'nothing is dated in the future')
  return {
    check,
    level: 'warning',
    found: `the newest row is dated ${Math.round(ahead)} s after this machine’s time: its clock jumped back`,
    cure: 'Mend the clock (chrony, ntpd). Leases and budgets do not depend on it; dates in reports do.',
  }
}
