import { pino } from 'pino'
import type { Logger } from 'pino'
import { LineFile } from './line-file.js'
import { keepSecretsOf, withoutSecrets } from './secrets.js'

export type Log = Logger

export interface LogOptions {
  /** Who speaks: coordinator, agent NAME, engine. */
  readonly name: string
  readonly level?: string
  /** Appended to; standard error when absent. */
  readonly file?: string
}

/** Fields that must never reach a log, wherever they stand. */
const secrets = ['token', 'authorization', 'apiKey', 'api_key', 'password', 'secret', 'joinToken']

/**
 * A pino logger writing JSON lines, synchronously: the last line before a crash is the one needed.
 * Secrets are left out of every line, by the name of a field and by what they look like. Lines for which
 * there is no room on the disk wait, then some are lost, which is told.
 */
export function createLog(options: LogOptions): Log {
  keepSecretsOf(process.env)
  const log: Log = pino(
    {
      name: options.name,
      level: options.level ?? process.env.FMWORK_LOG_LEVEL ?? 'info',
      redact: { paths: secrets.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
      hooks: { streamWrite: withoutSecrets },
    },
    new LineFile(options.file, (lines) => {
      log.warn({ lines }, 'log lines were lost: there was no room for them')
    }),
  )
  return log
}
