import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { readMigrations } from '../../../../coordinator/store/migrator.js'
import { sampleOf } from '../../../../coordinator/store/report-rows.js'
import { pack } from '../../../../coordinator/store/packed-numbers.js'
import type { Row } from '../../../../coordinator/store/statements.js'

const migrations = readMigrations(
  new URL('../../../../coordinator/store/migrations/', import.meta.url),
)
const before = migrations.findIndex(({ name }) => name.endsWith('first-event.sql'))

describe('a sample that was stored before first events were kept', () => {
  it('is read as it was, without one', () => {
    const database = new Database(':memory:')
    for (const { sql } of migrations.slice(0, before)) database.exec(sql)
    database.pragma('foreign_keys = OFF')
    database
      .prepare(
        `INSERT INTO sample (trial_id, lease_id, repetition, request, warm_up, scheduled_at, sent_at,
           ended_at, chunk_at, input_tokens_asked, output_tokens_asked, outcome)
         VALUES (1, 1, 0, 3, 0, 1.5, 1.625, 2, ?, 16, 2, 'ok')`,
      )
      .run(pack(Float64Array.of(1.75, 1.875)))
    for (const { sql } of migrations.slice(before)) database.exec(sql)
    const sample = sampleOf(database.prepare('SELECT * FROM sample').get() as Row)
    database.close()
    expect(sample).toEqual({
      repetition: 0,
      request: 3,
      warmUp: false,
      scheduledAt: 1.5,
      sentAt: 1.625,
      chunkAt: [1.75, 1.875],
      chunkTokens: [1, 1],
      endedAt: 2,
      inputTokensAsked: 16,
      outputTokensAsked: 2,
      inputTokens: null,
      outputTokens: null,
      cachedTokens: null,
      outcome: 'ok',
    })
  })
})
