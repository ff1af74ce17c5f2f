import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { FmworkError } from '../domain/errors.js'
import { systemClock } from '../process/clock.js'
import type { Log } from '../process/log.js'
import { readPem } from '../process/program-options.js'
import { fileVersion } from './access/watched-file.js'

/** PEM texts. With `clientCa` only agents and tools that show a certificate of it are let in. */
export interface ServerTls {
  readonly cert: string
  readonly key: string
  readonly clientCa?: string
}

/** PEM texts; `cert` and `key` where the coordinator asks agents for a certificate. */
export interface ChannelTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Where TLS comes from: asked at every new connection, since certificates are replaced. */
export interface TlsSource<T> {
  /**
   * The same object until there is another that can be used; never throws after it was made.
   *
   * @param log hears what was read again, and why what stands in the files cannot be used.
   */
  current(log?: Log): T
}

export const tlsSource = <T extends object>(tls: T | TlsSource<T>): TlsSource<T> =>
  'current' in tls ? tls : { current: () => tls }

/** @throws FmworkError USAGE for texts that no server can use. */
export function checkServerTls({ cert, key, clientCa }: ServerTls): void {
  try {
    if (clientCa !== undefined) new X509Certificate(clientCa)
    createSecureContext({ cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }) })
  } catch (error) {
    throw unusableTls('--tls-cert, --tls-key', error)
  }
}

/** @throws FmworkError USAGE for texts that no caller can use. */
export function checkChannelTls(tls: ChannelTls): void {
  try {
    // An authority that is none would be passed over in silence, and every server refused for it.
    if (tls.ca !== undefined) new X509Certificate(tls.ca)
    createSecureContext(tls)
  } catch (error) {
    throw unusableTls('--tls-ca, --tls-cert, --tls-key', error)
  }
}

/** What OpenSSL says of files that are no certificate, no key, or do not belong together. */
function unusableTls(field: string, cause: unknown): FmworkError {
  const expected = cause instanceof Error ? cause.message : String(cause)
  return new FmworkError('USAGE', 'the TLS files cannot be used', {
    problems: [{ field, expected }],
    cause,
  })
}

/**
 * TLS from PEM files, read again when one of them has changed. Files that cannot be used, among them
 * a certificate whose key has not been replaced yet, leave what was read before in use.
 *
 * @throws FmworkError USAGE when they cannot be used now.
 */
export function tlsFromFiles<T extends ServerTls | ChannelTls>(
  paths: { readonly [K in keyof T]: { readonly field: string; readonly path: string } },
  check: (tls: T) => void,
): TlsSource<T> {
  const files = Object.entries(paths) as [string, { field: string; path: string }][]
  const version = () => files.map(([, { path }]) => versionOrNone(path)).join()
  const read = (): T => {
    // One text per path, under the same keys.
    const texts = Object.fromEntries(
      files.map(([key, { path, field }]) => [key, readPem(path, field)]),
    ) as unknown as T
    check(texts)
    return texts
  }
  let seen = version()
  let current = read()
  let told: string | undefined
  return {
    current(log) {
      const now = version()
      if (now === seen) return current
      const names = files.map(([, { path }]) => path)
      try {
        const texts = read()
        refuseExpired(texts)
        current = texts
        seen = now
        log?.info({ files: names, validTo: validTo(texts) }, 'TLS files read again')
      } catch (error) {
        if (told !== now) {
          told = now
          log?.warn(
            { files: names, reason: reasonOf(error) },
            'the changed TLS files cannot be used: those read before stay in use',
          )
        }
      }
      return current
    },
  }
}

function versionOrNone(path: string): string {
  try {
    return fileVersion(path)
  } catch {
    return 'none' // Reading it says why, and leaves the old one in use.
  }
}

const validTo = ({ cert }: ServerTls | ChannelTls): string | undefined =>
  cert === undefined ? undefined : new X509Certificate(cert).validTo

/** By the system’s own clock, as OpenSSL does. */
function refuseExpired(tls: ServerTls | ChannelTls): void {
  const until = validTo(tls)
  if (until !== undefined && !(Date.parse(until) > systemClock.wall())) {
    throw new FmworkError('USAGE', `the certificate has expired: it was valid until ${until}`)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof FmworkError)) return String(error)
  return [error.message, ...error.problems.map(({ expected }) => expected)].join('; ')
}
