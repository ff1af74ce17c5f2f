import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { FmworkError } from '../domain/errors.js'
import { keepSecret } from './secrets.js'

/** An address to listen on or to call. */
export interface Address {
  readonly host: string
  readonly port: number
}

/**
 * Reads HOST:PORT, [IPv6]:PORT or :PORT (loopback).
 *
 * @param field the option it came from, for the message.
 * @throws FmworkError USAGE
 */
export function parseAddress(text: string, field: string): Address {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/]*)):(\d{1,5})$/.exec(text.trim())
  const port = Number(match?.[3])
  if (match === null || !(port <= 65_535)) {
    throw new FmworkError('USAGE', `${field} is not an address`, {
      problems: [{ field, value: JSON.stringify(text), expected: 'expected HOST:PORT' }],
    })
  }
  const [, bracketed, plain] = match
  const host = bracketed ?? plain
  return { host: host === undefined || host === '' ? '127.0.0.1' : host, port }
}

export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/**
 * The secret in a file, its last line break left off.
 *
 * @throws FmworkError USAGE when it cannot be read or holds nothing.
 */
export function readTokenFile(path: string, field = '--token-file'): string {
  const refuse = (expected: string, cause?: unknown) =>
    new FmworkError('USAGE', `${field} gives no token`, {
      problems: [{ field, value: path, expected }],
      cause,
    })
  let token: string
  try {
    token = readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw refuse('expected a readable file', error)
  }
  if (token.length < 16) throw refuse('expected a token of at least 16 characters')
  if (!/^[\x21-\x7e]+$/.test(token)) throw refuse('expected one line of printable ASCII')
  keepSecret(token)
  return token
}

/** Where FMwork keeps its data when nobody says otherwise. */
export function defaultDataFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return (
    environment.FMWORK_DATA ??
    join(environment.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'fmwork')
  )
}
