import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { StoredToken } from '../../domain/access.js'

/** `fmwork_ID_SECRET`: the prefix lets scanners of repositories and logs recognise a leaked one. */
const tokenPattern = /^fmwork_([0-9a-f]{8})_[A-Za-z0-9_-]{43}$/

/** Hashed first: equal lengths, so that neither content nor length shows in the time it takes. */
const digest = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest()

/** Takes the same time whatever the two have in common. */
export function tokensMatch(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted))
}

/** The id in a token of the list; undefined for any other text. */
export function tokenIdOf(token: string): string | undefined {
  return tokenPattern.exec(token)?.[1]
}

/** Is this the token whose hash is stored. A fast hash is enough: the secret has 256 random bits. */
export function isToken(given: string, stored: StoredToken): boolean {
  return timingSafeEqual(digest(given), Buffer.from(stored.sha256, 'hex'))
}

export type TokenGrant = Pick<StoredToken, 'name' | 'role' | 'agent' | 'createdAt' | 'expiresAt'>

/** A new token: the secret, to be shown once, and what is kept of it. */
export function mintToken(grant: TokenGrant): {
  readonly token: string
  readonly stored: StoredToken
} {
  const id = randomBytes(4).toString('hex')
  const token = `fmwork_${id}_${randomBytes(32).toString('base64url')}`
  return { token, stored: { id, ...grant, sha256: digest(token).toString('hex') } }
}
