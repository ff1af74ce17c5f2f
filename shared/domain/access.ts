import { z } from 'zod'

/**
 * What a caller may be. An agent measures and reports; an operator submits and steers sweeps, and
 * reads; a viewer reads. shared/rpc/access/access-table.ts says which call takes which.
 */
export const roles = ['agent', 'operator', 'viewer'] as const
export type Role = (typeof roles)[number]

/** Names of agents and of callers: they stand in logs, file names and certificates. */
export const callerNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

const callerName = z
  .string()
  .regex(callerNamePattern, 'expected letters, digits, . _ - (at most 63 characters)')

const instant = z.number().int().nonnegative()

const storedTokenSchema = z.strictObject({
  /** Names the token in lists and logs; no secret. */
  id: z.string().regex(/^[0-9a-f]{8}$/, 'expected 8 hexadecimal digits'),
  /** Who brings it, for people. */
  name: callerName,
  role: z.enum(roles),
  /** The only agent that its bearer may speak for; any agent when absent. */
  agent: callerName.optional(),
  /** Of the whole token, in hexadecimal. The token itself is kept nowhere. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal'),
  /** Epoch milliseconds, as are the two below; absent: does not expire, is not revoked. */
  createdAt: instant,
  expiresAt: instant.optional(),
  revokedAt: instant.optional(),
})

/** The file that says who may come in; written by `fmwork tokens`, read by a coordinator. */
export const tokenListSchema = z.strictObject({
  version: z.literal(1),
  tokens: z.array(storedTokenSchema).max(10_000),
})

export type StoredToken = Readonly<z.infer<typeof storedTokenSchema>>

const revokedCertificateSchema = z.strictObject({
  /** Upper-case hexadecimal, as the certificate says it. */
  serialNumber: z.string().regex(/^[0-9A-F]{1,64}$/, 'expected upper-case hexadecimal'),
  name: z.string(),
  revokedAt: instant,
})

/** The file of certificates that are let in no more; written by `fmwork certs revoke`. */
export const revokedListSchema = z.strictObject({
  version: z.literal(1),
  revoked: z.array(revokedCertificateSchema).max(100_000),
})

export type RevokedCertificate = Readonly<z.infer<typeof revokedCertificateSchema>>

/** Who a call comes from, as far as its token and its certificate tell. */
export interface Caller {
  /** For the log. */
  readonly name: string
  readonly roles: readonly Role[]
  /** The only agent that it may speak for; any agent when absent. */
  readonly agent?: string
}
