import { roles } from '../../domain/access.js'
import type { Caller, RevokedCertificate, StoredToken } from '../../domain/access.js'
import { FmworkError } from '../../domain/errors.js'
import type { Clock } from '../../process/clock.js'
import { parseRevokedList, parseTokenList } from './access-files.js'
import { callerOfCertificate } from './certificate-caller.js'
import type { ShownCertificate } from './certificate-caller.js'
import { isToken, tokenIdOf, tokensMatch } from './token.js'
import { WatchedFile } from './watched-file.js'

/** How callers are told apart. Whatever is given is asked of every caller; nothing given: all may. */
export interface AccessOptions {
  /** One token for everybody; its bearer has every role. */
  readonly token?: string
  /** Path of the token list (`fmwork tokens`), read again whenever it changes. */
  readonly tokenList?: string
  /** Callers show a certificate of the client authority; the role stands in it. */
  readonly certificates?: boolean
  /** Path of the list of revoked certificates (`fmwork certs revoke`), read again when it changes. */
  readonly revokedList?: string
}

/** What a caller brought. */
export interface Credentials {
  readonly token?: string
  readonly certificate?: ShownCertificate
}

/** Knows who may come in. */
export interface Gate {
  /** False: everyone who reaches the port has every role. */
  readonly guarded: boolean
  /** Who this is. @throws FmworkError AUTHENTICATION_FAILED */
  admit(credentials: Credentials): Caller
}

const everyone: Caller = { name: 'anyone', roles }

/** @throws FmworkError USAGE for a list that cannot be read: found out now, not at the first call. */
export function createGate(options: AccessOptions, clock: Clock): Gate {
  const { token, certificates = false } = options
  const tokenList = watch(options.tokenList, '--tokens', parseTokenList)
  const revokedList = watch(options.revokedList, '--tls-revoked', parseRevokedList)
  const asksToken = token !== undefined || tokenList !== undefined

  const ofToken = (given: string | undefined): Caller => {
    if (given === undefined) throw refused('a token is needed and none was given')
    if (token !== undefined && tokensMatch(given, token)) return { name: 'shared token', roles }
    if (tokenList === undefined) throw refused('wrong token')
    return callerOfToken(given, current(tokenList), clock.wall())
  }
  const ofCertificate = (shown: ShownCertificate | undefined): Caller => {
    if (shown === undefined) throw refused('a certificate is needed and none was shown')
    const revoked = revokedList === undefined ? [] : current<RevokedCertificate>(revokedList)
    const caller = callerOfCertificate(shown, revoked, clock.wall())
    if (caller !== undefined) return caller
    // Of the lab, but without a role: then the token says what its bearer may do.
    if (asksToken) return everyone
    throw refused('the certificate names no role', 'Make one with `fmwork certs`.')
  }
  return {
    guarded: asksToken || certificates,
    admit(credentials) {
      const byToken = asksToken ? ofToken(credentials.token) : everyone
      const byCertificate = certificates ? ofCertificate(credentials.certificate) : everyone
      return both(byCertificate, byToken)
    },
  }
}

function callerOfToken(given: string, tokens: readonly StoredToken[], nowMs: number): Caller {
  const id = tokenIdOf(given)
  const stored = tokens.find((each) => each.id === id)
  if (stored === undefined || !isToken(given, stored)) throw refused('wrong token')
  const { name, role, agent, expiresAt, revokedAt } = stored
  if (revokedAt !== undefined) throw refused(`token ${stored.id} (${name}) is revoked`)
  if (expiresAt !== undefined && expiresAt <= nowMs) {
    throw refused(`token ${stored.id} (${name}) has expired`)
  }
  return { name, roles: [role], ...(agent === undefined ? {} : { agent }) }
}

/** What two proofs allow together. @throws FmworkError AUTHENTICATION_FAILED when they disagree. */
function both(first: Caller, second: Caller): Caller {
  if (first === everyone) return second
  if (second === everyone) return first
  const agent = first.agent ?? second.agent
  if (second.agent !== undefined && agent !== second.agent) {
    throw refused(`the certificate is agent ${agent}’s, the token agent ${second.agent}’s`)
  }
  return {
    name: first.name,
    roles: first.roles.filter((role) => second.roles.includes(role)),
    ...(agent === undefined ? {} : { agent }),
  }
}

function watch<T>(
  path: string | undefined,
  field: string,
  parse: (text: string, path: string) => readonly T[],
): WatchedFile<readonly T[]> | undefined {
  if (path === undefined) return undefined
  const file = new WatchedFile(path, (text) => parse(text, path))
  try {
    file.read()
  } catch (error) {
    if (error instanceof FmworkError) throw error
    throw new FmworkError('USAGE', `${field} cannot be read`, {
      problems: [{ field, value: path, expected: 'expected a file that fmwork has written' }],
      cause: error,
    })
  }
  return file
}

/** A list that has become unreadable lets nobody in: an old copy would let a revoked caller in. */
function current<T>(file: WatchedFile<readonly T[]>): readonly T[] {
  try {
    return file.read()
  } catch (error) {
    throw new FmworkError('AUTHENTICATION_FAILED', 'the coordinator cannot read its access lists', {
      hint: `Mend ${file.path} on the coordinator; nobody is let in until then.`,
      cause: error,
    })
  }
}

const refused = (why: string, hint?: string): FmworkError =>
  new FmworkError('AUTHENTICATION_FAILED', why, hint === undefined ? {} : { hint })
