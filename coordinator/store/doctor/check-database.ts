import type { Database } from 'better-sqlite3'
import { applicationId } from '../migrator.js'
import type { Finding } from './finding.js'
import { ok } from './finding.js'

const shown = 3

/** Every page and every index; whether what refers to something refers to what is there. */
export function checkIntegrity(database: Database): Finding[] {
  const problems = database.pragma('integrity_check(20)') as { integrity_check: string }[]
  const words = problems.map((row) => row.integrity_check)
  const whole = words.length === 1 && words[0] === 'ok'
  const orphans = whole ? (database.pragma('foreign_key_check') as { table: string }[]) : []
  const tables = [...new Set(orphans.map(({ table }) => table))]
  return [
    whole
      ? ok('integrity', 'every page and index is whole')
      : {
          check: 'integrity',
          level: 'fault',
          found: `the database is damaged: ${words.slice(0, shown).join('; ')}`,
          cure: 'Stop the coordinator, keep a copy of the folder, and restore the newest backup that `fmwork doctor` calls whole; or save what can be read with `sqlite3 fmwork.sqlite .recover`.',
        },
    orphans.length === 0
      ? ok('references', 'every row refers to what is there')
      : {
          check: 'references',
          level: 'fault',
          found: `${orphans.length} rows of ${tables.join(', ')} refer to what is not there`,
          cure: 'Restore a backup: something other than FMwork has written to the database.',
        },
  ]
}

/** @param newest number of the newest schema that this program knows. */
export function checkSchema(database: Database, newest: number): Finding {
  const version = Number(database.pragma('user_version', { simple: true }))
  const owner = Number(database.pragma('application_id', { simple: true }))
  const check = 'schema'
  if (owner !== applicationId) {
    return {
      check,
      level: 'fault',
      found: 'the database belongs to another program',
      cure: 'Give another --data DIR.',
    }
  }
  if (version > newest) {
    return {
      check,
      level: 'fault',
      found: `its schema is number ${version}; this FMwork knows ${newest}`,
      cure: 'Install the newer FMwork that wrote it.',
    }
  }
  if (version < newest) {
    return {
      check,
      level: 'note',
      found: `its schema is number ${version} of ${newest}`,
      cure: 'Nothing: the next coordinator brings it forward and keeps a copy of it as it was.',
    }
  }
  return ok(check, `number ${version}, the newest`)
}
