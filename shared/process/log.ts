import { pino } from 'pino'
import type { Logger } from 'pino'
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
 * Secrets are left out of every line, by the name of a field and by what they look like.
 */
export function createLog(options: LogOptions): Log {
  keepSecretsOf(process.env)
  return pino(
    {
      name: options.name,
      level: options.level ?? process.env.FMWORK_LOG_LEVEL ?? 'info',
      redact: { paths: secrets.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
      hooks: { streamWrite: withoutSecrets },
    },
    pino.destination({ dest: options.file ?? 2, sync: true, mkdir: true }),
  )
}
