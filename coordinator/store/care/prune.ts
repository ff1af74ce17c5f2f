import Database from 'better-sqlite3'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FmworkError } from '../../../shared/domain/errors.js'
import { lockFolder } from '../folder-lock.js'
import { databaseFile } from '../open-store.js'
import { guarded } from '../store-errors.js'

export interface Pruned {
  readonly sweeps: number
  readonly samples: number
  readonly readings: number
  readonly bytesBefore: number
  readonly bytesAfter: number
}

/** Trials of sweeps that ended before @before. */
const old = `SELECT trial.id FROM trial JOIN sweep ON sweep.id = trial.sweep_id
  WHERE sweep.ended_at IS NOT NULL AND sweep.ended_at < @before`

/**
 * Drops the raw samples and telemetry of sweeps that ended before a moment, and gives the space back.
 * Trials, measurements, claims and the planner’s log stay: reports are as they were.
 *
 * @param before epoch milliseconds.
 * @throws FmworkError SWEEP_NOT_FOUND without a database, DATA_FOLDER_LOCKED while a coordinator runs, DISK_FULL (a vacuum needs as much
 *   room as the database has), STORE_CORRUPT.
 */
export function prune(dataDir: string, before: number): Pruned {
  const path = join(dataDir, databaseFile)
  if (!existsSync(path)) {
    throw new FmworkError('SWEEP_NOT_FOUND', `${dataDir} holds no database to prune`)
  }
  const lock = lockFolder(dataDir)
  try {
    return guarded(path, () => {
      const database = new Database(path, { timeout: 5000, fileMustExist: true })
      try {
        return pruned(database, path, before)
      } finally {
        database.close()
      }
    })
  } finally {
    lock.release()
  }
}

function pruned(database: Database.Database, path: string, before: number): Pruned {
  const bytesBefore = statSync(path).size
  const drop = (table: 'sample' | 'sample_run' | 'telemetry') =>
    database.prepare(`DELETE FROM ${table} WHERE trial_id IN (${old})`).run({ before }).changes
  const dropSamples = () => {
    const single = drop('sample')
    if (!hasTable(database, 'sample_run')) return single
    const inRuns = database
      .prepare(`SELECT coalesce(sum(samples), 0) FROM sample_run WHERE trial_id IN (${old})`)
      .pluck()
      .get({ before }) as number
    drop('sample_run')
    return single + inRuns
  }
  const counts = database
    .transaction(() => ({
      sweeps: database
        .prepare('SELECT count(*) FROM sweep WHERE ended_at IS NOT NULL AND ended_at < @before')
        .pluck()
        .get({ before }) as number,
      samples: dropSamples(),
      readings: drop('telemetry'),
    }))
    .immediate()
  database.exec('VACUUM')
  database.pragma('wal_checkpoint(TRUNCATE)')
  return { ...counts, bytesBefore, bytesAfter: statSync(path).size }
}

/** One that no newer FMwork has opened yet is pruned as it is. */
const hasTable = (database: Database.Database, name: string): boolean =>
  database.prepare('SELECT count(*) FROM sqlite_schema WHERE name = ?').pluck().get(name) === 1
