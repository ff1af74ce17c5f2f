import type { PeerCertificate } from 'node:tls'
import { roles } from '../../domain/access.js'
import type { Caller, RevokedCertificate } from '../../domain/access.js'
import { FmworkError } from '../../domain/errors.js'

/** Organisation in the certificates of `fmwork certs`; their unit is the role, their name the caller’s. */
export const certificateOrganisation = 'fmwork'

/** What is read of a certificate that the TLS layer has verified against the authority. */
export type ShownCertificate = Pick<PeerCertificate, 'subject' | 'serialNumber' | 'valid_to'>

const one = (value: string | readonly string[] | undefined): string =>
  typeof value === 'string' ? value : ''

/**
 * Who a certificate says its bearer is. One that was made elsewhere names no role: undefined then.
 *
 * @throws FmworkError AUTHENTICATION_FAILED for one that is revoked or, by now, too old.
 */
export function callerOfCertificate(
  certificate: ShownCertificate,
  revoked: readonly RevokedCertificate[],
  nowMs: number,
): Caller | undefined {
  const { subject, serialNumber, valid_to: validTo } = certificate
  const name = one(subject.CN)
  if (revoked.some((each) => each.serialNumber === serialNumber.toUpperCase())) {
    throw refused(`the certificate of ${name} is revoked`)
  }
  // TLS has looked at the dates once; a session may outlive them.
  if (!(Date.parse(validTo) > nowMs)) throw refused(`the certificate of ${name} has expired`)
  const role = roles.find((each) => each === one(subject.OU))
  if (one(subject.O) !== certificateOrganisation || role === undefined) return undefined
  return { name, roles: [role], ...(role === 'agent' ? { agent: name } : {}) }
}

const refused = (why: string): FmworkError =>
  new FmworkError('AUTHENTICATION_FAILED', why, {
    hint: 'Make another one with `fmwork certs`, and give it with --tls-cert and --tls-key.',
  })
