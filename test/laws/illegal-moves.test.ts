import Database from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leaseStates } from '../../coordinator/dispatch/store-records.js'
import { databaseFile, openStore } from '../../coordinator/store/open-store.js'
import { sweepStates, trialStates } from '../../shared/domain/trial.js'
import { FakeClock } from '../../shared/process/clock.js'
import { StoreBench } from '../contract/store-bench.js'
import { silentLog } from '../fixtures/dispatch-bench.js'

/** The arrows of the state machine, written down a second time: what the database allows must be these. */
const arrows = {
  sweep: {
    RUNNING: ['PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED'],
    PAUSED: ['RUNNING', 'CANCELLED'],
    FAILED: ['RUNNING', 'CANCELLED'],
    COMPLETED: ['RUNNING'],
    CANCELLED: [],
  },
  lease: { HELD: ['RELEASED', 'EXPIRED', 'REVOKED'], RELEASED: [], EXPIRED: [], REVOKED: [] },
  trial: {
    QUEUED: ['LEASED', 'SUCCEEDED', 'INFEASIBLE', 'FAILED', 'ABANDONED'],
    LEASED: ['RUNNING', 'QUEUED', 'SUCCEEDED', 'INFEASIBLE', 'FAILED', 'ABANDONED'],
    RUNNING: ['QUEUED', 'SUCCEEDED', 'INFEASIBLE', 'FAILED', 'ABANDONED'],
    SUCCEEDED: [],
    INFEASIBLE: [],
    FAILED: [],
    ABANDONED: [],
  },
} as const
type Entity = keyof typeof arrows
const statesOf = { sweep: sweepStates, lease: leaseStates, trial: trialStates }

let dataDir: string
let database: Database.Database

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
  const store = openStore(dataDir, { clock: new FakeClock(), log: silentLog })
  const bench = new StoreBench({ store, reopen: () => store, close: () => undefined })
  const lease = bench.granted('a')
  for (const index of [0, 1]) store.leaseTrial(bench.queued(index).trialId, lease)
  store.close()
  database = new Database(join(dataDir, databaseFile))
  database.pragma('foreign_keys = ON')
})
afterAll(() => {
  database.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** What the database says to a statement, whose effect is taken back; undefined when it obeys. */
function refusal(sql: string, before: readonly string[] = []): string | undefined {
  database.exec('BEGIN')
  try {
    for (const each of before) database.exec(each)
    database.exec(sql)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    if (database.inTransaction) database.exec('ROLLBACK')
  }
}

/** The columns that a row of a state has to have, so that only the move itself can be refused. */
const finalTrial = ['SUCCEEDED', 'INFEASIBLE', 'FAILED', 'ABANDONED']
function columnsFor(entity: Entity, state: string): string {
  switch (entity) {
    case 'sweep':
      return `text = text || ' ', ended_at = ${['RUNNING', 'PAUSED'].includes(state) ? 'NULL' : '5'}`
    case 'lease':
      return 'changed_at = 5'
    case 'trial':
      return `started_at = 4, ended_at = ${finalTrial.includes(state) ? '5' : 'NULL'}`
  }
}

/** Puts row 1 into a state, whatever the arrows say. */
const put = (entity: Entity, state: string): string[] => [
  `DROP TRIGGER ${entity}_move`,
  ...(entity === 'sweep' ? ['DROP TRIGGER completed_goes_on_changed'] : []),
  `UPDATE ${entity} SET state = '${state}', ${columnsFor(entity, state)} WHERE id = 1`,
]
const triggersOf = (entity: Entity) =>
  database
    .prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name IN (?, ?)")
    .pluck()
    .all(`${entity}_move`, entity === 'sweep' ? 'completed_goes_on_changed' : '') as string[]

const moves = (['sweep', 'lease', 'trial'] as const).flatMap((entity) =>
  statesOf[entity].flatMap((from) =>
    statesOf[entity].filter((to) => to !== from).map((to) => [entity, from, to] as const),
  ),
)

describe('a program that writes to the database itself', () => {
  it.each(moves)('moves a %s from %s to %s only along an arrow', (entity, from, to) => {
    const allowed = (arrows[entity] as Readonly<Record<string, readonly string[]>>)[from] ?? []
    const triggers = triggersOf(entity)
    expect(triggers.length).toBeGreaterThan(0)
    const told = refusal(
      `UPDATE ${entity} SET state = '${to}', ${columnsFor(entity, to)} WHERE id = 1`,
      [...put(entity, from), ...triggers],
    )
    if (allowed.includes(to)) expect(told).toBeUndefined()
    else expect(told).toMatch(/cannot move that way/)
  })

  it.each([
    ['a sweep in a state that is none', "UPDATE sweep SET state = 'ASLEEP'", /move that way/],
    [
      'a new sweep in a state that is none',
      "INSERT INTO sweep (name, text, state, created_at, changed_at) VALUES ('x', '', 'ASLEEP', 1, 1)",
      /CHECK/,
    ],
    ['a trial in a state that is none', "UPDATE trial SET state = 'ASLEEP'", /move that way/],
    ['a lease in a state that is none', "UPDATE lease SET state = 'ASLEEP'", /move that way/],
    ['a sweep that ended and runs', 'UPDATE sweep SET ended_at = 5', /CHECK/],
    ['a trial that ended and is leased', 'UPDATE trial SET ended_at = 5', /CHECK/],
    ['a trial in flight under no lease', 'UPDATE trial SET lease_id = NULL', /CHECK/],
    ['a trial in flight with no agent', 'UPDATE trial SET agent = NULL', /CHECK/],
    ['a trial that runs since never', "UPDATE trial SET state = 'RUNNING'", /CHECK/],
    ['a trial under a lease that never was', 'UPDATE trial SET lease_id = 99', /FOREIGN KEY/],
    ['a trial of an agent that never was', "UPDATE trial SET agent = 'nobody'", /FOREIGN KEY/],
    ['a trial of no sweep', 'UPDATE trial SET sweep_id = 99', /FOREIGN KEY/],
    ['a first attempt that retries another', 'UPDATE trial SET retry_of = 1 WHERE id = 2', /CHECK/],
    ['a second attempt that retries none', 'UPDATE trial SET attempt = 2', /CHECK/],
    [
      'two successors of one trial',
      'UPDATE trial SET retry_of = 1, attempt = 2 WHERE id IN (1, 2)',
      /UNIQUE/,
    ],
    ['a configuration surveyed twice', 'UPDATE trial SET configuration_index = 0', /UNIQUE/],
    ['a trial that earned device time', 'UPDATE trial SET device_seconds = -1', /CHECK/],
    ['a loss that is a gain', 'INSERT INTO loss VALUES (1, 1, -1)', /CHECK/],
    ['one loss charged twice', 'INSERT INTO loss VALUES (1, 1, 1), (1, 1, 1)', /UNIQUE|PRIMARY/],
    ['a loss under no lease', 'INSERT INTO loss VALUES (1, 99, 1)', /FOREIGN KEY/],
    [
      'two holders of one block',
      "INSERT INTO lease (block_id, agent, granted_at, expires_at, changed_at) VALUES (1, 'b', 1, 2, 1)",
      /UNIQUE/,
    ],
    [
      'a lease on more devices than its agent has',
      "INSERT INTO block VALUES (9, 1, 'another', 'cpu', 1, 1); INSERT INTO lease (block_id, agent, granted_at, expires_at, changed_at) VALUES (9, 'a', 1, 2, 1)",
      /no devices left/,
    ],
    [
      'a lease of an agent that never was',
      "INSERT INTO block VALUES (9, 1, 'another', 'cpu', 1, 1); INSERT INTO lease (block_id, agent, granted_at, expires_at, changed_at) VALUES (9, 'nobody', 1, 2, 1)",
      /FOREIGN KEY/,
    ],
    [
      'a block twice',
      'INSERT INTO block SELECT 9, sweep_id, block_key, hardware, 1, copy FROM block',
      /UNIQUE/,
    ],
    ['a batch twice', "INSERT INTO report_batch VALUES ('a', 1, '[]'), ('a', 1, '[]')", /UNIQUE/],
    ['a batch before the first', "INSERT INTO report_batch VALUES ('a', 0, '[]')", /CHECK/],
    ['a planner call twice', "INSERT INTO planner_log VALUES (1, 1, '{}'), (1, 1, '{}')", /UNIQUE/],
    [
      'a sweep’s name twice',
      "INSERT INTO sweep (name, text, created_at, changed_at) SELECT name, '', 1, 1 FROM sweep",
      /UNIQUE/,
    ],
    ['an arrow that leads nowhere new', 'INSERT INTO move SELECT * FROM move', /UNIQUE/],
  ])('never makes %s', (_, sql, words) => {
    expect(refusal(sql)).toMatch(words)
  })

  it('lets a completed sweep go on only with another text', () => {
    const completed = put('sweep', 'COMPLETED')
    const triggers = triggersOf('sweep')
    const goOn = "UPDATE sweep SET state = 'RUNNING', ended_at = NULL"
    expect(refusal(goOn, [...completed, ...triggers])).toMatch(/only to another goal or budget/)
    expect(refusal(`${goOn}, text = 'more'`, [...completed, ...triggers])).toBeUndefined()
  })
})
