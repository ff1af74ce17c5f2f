import { closeSync, fsyncSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../shared/process/make-folder.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { RevokedCertificate } from '../../shared/domain/access.js'
import { readRevokedList, writeRevokedList } from '../../shared/rpc/access/access-files.js'
import { factsOf, issueCertificate, makeAuthority } from './authority.js'
import type { CertificateFacts, KeyPair, Subject, Validity } from './authority.js'

/** What stands in a list of certificates. */
export interface ListedCertificate extends CertificateFacts {
  readonly revoked: boolean
}

/** Files of the authority itself; no certificate may take these names. */
const authorityName = 'ca'
const revokedFile = 'revoked.json'

/**
 * The certificates of a lab, in one folder: NAME.crt and NAME.key, ca.crt and ca.key, revoked.json.
 * Keys are readable by their owner only, and never overwritten.
 */
export class CertificateFolder {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  path(name: string, kind: 'crt' | 'key'): string {
    return join(this.folder, `${name}.${kind}`)
  }

  get revokedPath(): string {
    return join(this.folder, revokedFile)
  }

  /** @throws FmworkError USAGE when there is one already. */
  async init(name: string, validity: Validity): Promise<void> {
    makeFolder(this.folder, 0o700)
    const { certificate, key } = await makeAuthority(name, validity)
    this.#writeNew(this.path(authorityName, 'key'), key, 0o600)
    this.#writeNew(this.path(authorityName, 'crt'), certificate, 0o644)
    writeRevokedList(this.revokedPath, [])
  }

  /** @throws FmworkError USAGE when the name is taken, or there is no authority here. */
  async issue(subject: Subject, validity: Validity): Promise<CertificateFacts> {
    const { name } = subject
    if (name === authorityName) throw taken(this.path(name, 'key'))
    const { certificate, key = '' } = await issueCertificate(this.#authority(), subject, validity)
    this.#writeNew(this.path(name, 'key'), key, 0o600)
    this.#writeNew(this.path(name, 'crt'), certificate, 0o644)
    return this.facts(name)
  }

  /** A new certificate with the same name, role, hosts and key; a revoked one stays revoked. */
  async renew(name: string, validity: Validity): Promise<CertificateFacts> {
    const old = await this.facts(name)
    if (this.revoked().some(({ serialNumber }) => serialNumber === old.serialNumber)) {
      throw new FmworkError('USAGE', `the certificate of ${name} is revoked`, {
        problems: [{ field: 'name', value: name, expected: 'expected one that is not revoked' }],
        hint: `Its key may be in wrong hands: move ${name}.key and ${name}.crt away, and make a new one.`,
      })
    }
    const { certificate } = await issueCertificate(
      this.#authority(),
      old,
      validity,
      this.#read(this.path(name, 'crt')),
    )
    const path = this.path(name, 'crt')
    const draft = `${path}.new`
    this.#writeNew(draft, certificate, 0o644)
    renameSync(draft, path)
    return this.facts(name)
  }

  /** Idempotent. */
  async revoke(name: string, nowMs: number): Promise<CertificateFacts> {
    const facts = await this.facts(name)
    const revoked = this.revoked()
    if (!revoked.some(({ serialNumber }) => serialNumber === facts.serialNumber)) {
      const { serialNumber } = facts
      writeRevokedList(this.revokedPath, [...revoked, { serialNumber, name, revokedAt: nowMs }])
    }
    return facts
  }

  revoked(): readonly RevokedCertificate[] {
    return readRevokedList(this.revokedPath)
  }

  /** @throws FmworkError USAGE when no certificate of that name was made here. */
  async facts(name: string): Promise<CertificateFacts> {
    const facts = await factsOf(this.#read(this.path(name, 'crt')))
    if (facts !== undefined) return facts
    throw notThere(this.path(name, 'crt'))
  }

  async list(): Promise<ListedCertificate[]> {
    const revoked = new Set(this.revoked().map(({ serialNumber }) => serialNumber))
    const names = readdirSync(this.folder)
      .filter((file) => file.endsWith('.crt'))
      .map((file) => file.slice(0, -'.crt'.length))
    const all = await Promise.all(
      names.sort().map((name) => factsOf(this.#read(this.path(name, 'crt')))),
    )
    return all.flatMap((facts) =>
      facts === undefined ? [] : [{ ...facts, revoked: revoked.has(facts.serialNumber) }],
    )
  }

  #authority(): KeyPair {
    return {
      certificate: this.#read(this.path(authorityName, 'crt')),
      key: this.#read(this.path(authorityName, 'key')),
    }
  }

  #read(path: string): string {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      throw notThere(path, error)
    }
  }

  /** Never over a file that is there: a key that is lost cannot be had again. */
  #writeNew(path: string, text: string, mode: number): void {
    let file: number
    try {
      file = openSync(path, 'wx', mode)
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST'
        ? taken(path)
        : unwritable(path, error)
    }
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }
}

const taken = (path: string): FmworkError =>
  new FmworkError('USAGE', `${path} is there already`, {
    problems: [{ field: 'name', value: path, expected: 'expected a name that is not taken' }],
    hint: 'Nothing is overwritten: choose another name, renew with `fmwork certs renew`, or move the file away.',
  })

const notThere = (path: string, cause?: unknown): FmworkError =>
  new FmworkError('USAGE', `${path} is no certificate or key of this folder`, {
    problems: [{ field: '--dir', value: path, expected: 'expected a file that fmwork certs made' }],
    hint: 'Start with `fmwork certs init`; `fmwork certs list` shows what is there.',
    cause,
  })

const unwritable = (path: string, cause: unknown): FmworkError =>
  new FmworkError('DATA_FOLDER_UNWRITABLE', `cannot write ${path}`, { cause })
