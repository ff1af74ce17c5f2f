import { FmworkError } from '../shared/domain/errors.js'
import { readTokenFile } from '../shared/process/config.js'
import type { DeskAccess } from './context.js'
import { readPem } from '../shared/process/program-options.js'

/** The files that let a command in at a coordinator. */
export interface DeskAccessOptions {
  readonly tokenFile?: string
  readonly tlsCa?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
}

/** @throws FmworkError USAGE for a file that cannot be read, or a certificate without its key */
export function deskAccess({ tokenFile, tlsCa, tlsCert, tlsKey }: DeskAccessOptions): DeskAccess {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new FmworkError('USAGE', '--tls-cert and --tls-key go together')
  }
  const secure = tlsCa !== undefined || tlsCert !== undefined
  const tls = {
    ...(tlsCa === undefined ? {} : { ca: readPem(tlsCa, '--tls-ca') }),
    ...(tlsCert === undefined ? {} : { cert: readPem(tlsCert, '--tls-cert') }),
    ...(tlsKey === undefined ? {} : { key: readPem(tlsKey, '--tls-key') }),
  }
  return {
    ...(tokenFile === undefined ? {} : { token: readTokenFile(tokenFile) }),
    ...(secure ? { tls } : {}),
  }
}
