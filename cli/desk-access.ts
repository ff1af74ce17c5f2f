import { readFileSync } from 'node:fs'
import { FmworkError } from '../shared/domain/errors.js'
import { readTokenFile } from '../shared/process/config.js'
import type { DeskAccess } from './context.js'

/** The files that let a command in at a coordinator. */
export interface DeskAccessOptions {
  readonly tokenFile?: string
  readonly tlsCa?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
}

function pem(path: string, field: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new FmworkError('USAGE', `${field} cannot be read`, {
      problems: [{ field, value: path, expected: 'expected a readable PEM file' }],
      cause,
    })
  }
}

/** @throws FmworkError USAGE for a file that cannot be read, or a certificate without its key */
export function deskAccess({ tokenFile, tlsCa, tlsCert, tlsKey }: DeskAccessOptions): DeskAccess {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new FmworkError('USAGE', '--tls-cert and --tls-key go together')
  }
  const secure = tlsCa !== undefined || tlsCert !== undefined
  const tls = {
    ...(tlsCa === undefined ? {} : { ca: pem(tlsCa, '--tls-ca') }),
    ...(tlsCert === undefined ? {} : { cert: pem(tlsCert, '--tls-cert') }),
    ...(tlsKey === undefined ? {} : { key: pem(tlsKey, '--tls-key') }),
  }
  return {
    ...(tokenFile === undefined ? {} : { token: readTokenFile(tokenFile) }),
    ...(secure ? { tls } : {}),
  }
}
