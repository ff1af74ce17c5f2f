import { randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import type * as x509Library from '@peculiar/x509'
import { certificateOrganisation } from '../../shared/rpc/access/certificate-caller.js'
import { provideReflectMetadata } from './reflect-metadata.js'

/** A certificate is a coordinator’s, or says which role its bearer has. */
export const certificateKinds = ['coordinator', 'agent', 'operator', 'viewer'] as const
export type CertificateKind = (typeof certificateKinds)[number]

/** PEM texts; the key in PKCS #8. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

export interface Validity {
  /** Epoch milliseconds. */
  readonly fromMs: number
  readonly days: number
}

export interface Subject {
  readonly kind: CertificateKind
  readonly name: string
  /** Host names and addresses that a coordinator is called at. */
  readonly hosts: readonly string[]
}

/** What a certificate says. */
export interface CertificateFacts extends Subject {
  readonly serialNumber: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMs = 86_400_000
/** Clocks of a lab differ: a certificate made here is good at once over there. */
const skewMs = 300_000

type X509 = typeof x509Library

/** Loaded when a certificate is made: it takes a third of a second. */
async function library(): Promise<X509> {
  provideReflectMetadata()
  const x509 = await import('@peculiar/x509')
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0])
  return x509
}

const span = ({ fromMs, days }: Validity) => ({
  notBefore: new Date(fromMs - skewMs),
  notAfter: new Date(fromMs + days * dayMs),
})

/** 127 random bits, positive: no two certificates share one. */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes.readUInt8(0) & 0x3f) | 0x40
  return bytes.toString('hex')
}

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

async function pemOfKey(x509: X509, key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`
}

function readKey(x509: X509, pem: string): Promise<webcrypto.CryptoKey> {
  const [bytes] = x509.PemConverter.decode(pem)
  return webcrypto.subtle.importKey('pkcs8', bytes ?? new ArrayBuffer(0), algorithm, true, ['sign'])
}

/** A new authority: signs certificates, no further authorities. */
export async function makeAuthority(name: string, validity: Validity): Promise<KeyPair> {
  const x509 = await library()
  const keys = await newKeys()
  const { KeyUsageFlags } = x509
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ O: [certificateOrganisation] }, { CN: [name] }],
    ...span(validity),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate: pemOf(certificate), key: await pemOfKey(x509, keys.privateKey) }
}

/** A certificate for a new key, or for `oldKey`, which then stays where it is. */
export async function issueCertificate(
  authority: KeyPair,
  subject: Subject,
  validity: Validity,
  oldCertificate?: string,
): Promise<{ readonly certificate: string; readonly key: string | undefined }> {
  const x509 = await library()
  const issuer = new x509.X509Certificate(authority.certificate)
  const keys = oldCertificate === undefined ? await newKeys() : undefined
  const publicKey = keys?.publicKey ?? new x509.X509Certificate(oldCertificate ?? '').publicKey
  const { ExtendedKeyUsage, KeyUsageFlags } = x509
  const serves = subject.kind === 'coordinator'
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    issuer: issuer.subjectName,
    subject: [{ O: [certificateOrganisation] }, { OU: [subject.kind] }, { CN: [subject.name] }],
    ...span(validity),
    publicKey,
    signingKey: await readKey(x509, authority.key),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      // Apart, so that the key of an agent cannot pose as the coordinator.
      new x509.ExtendedKeyUsageExtension([
        serves ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
      ]),
      ...(subject.hosts.length === 0
        ? []
        : [
            new x509.SubjectAlternativeNameExtension(
              subject.hosts.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
            ),
          ]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return {
    certificate: pemOf(certificate),
    key: keys === undefined ? undefined : await pemOfKey(x509, keys.privateKey),
  }
}

const pemOf = (certificate: { toString(format: 'pem'): string }): string =>
  `${certificate.toString('pem')}\n`

/** Undefined for a certificate that was not made here. */
export async function factsOf(pem: string): Promise<CertificateFacts | undefined> {
  const x509 = await library()
  const certificate = new x509.X509Certificate(pem)
  const field = (name: string) => certificate.subjectName.getField(name)[0]
  const kind = certificateKinds.find((each) => each === field('OU'))
  const name = field('CN')
  if (field('O') !== certificateOrganisation || kind === undefined || name === undefined) {
    return undefined
  }
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? []
  return {
    kind,
    name,
    hosts: names.map(({ value }) => value),
    serialNumber: certificate.serialNumber.toUpperCase(),
    expiresAt: certificate.notAfter.getTime(),
  }
}
