import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { revokedListSchema, tokenListSchema } from '../../domain/access.js'
import type { RevokedCertificate, StoredToken } from '../../domain/access.js'
import { FmworkError } from '../../domain/errors.js'

interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } }
}

/** @throws FmworkError USAGE naming what is wrong with the text. */
function parseWith<T>(schema: Schema<T>, text: string, field: string, path: string): T {
  const refuse = (expected: string, cause?: unknown) =>
    new FmworkError('USAGE', `${field} cannot be used`, {
      problems: [{ field, value: path, expected }],
      cause,
    })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw refuse('expected JSON', error)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw refuse(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`)
}

export const parseTokenList = (text: string, path: string): readonly StoredToken[] =>
  parseWith(tokenListSchema, text, '--tokens', path).tokens

export const parseRevokedList = (text: string, path: string): readonly RevokedCertificate[] =>
  parseWith(revokedListSchema, text, '--tls-revoked', path).revoked

/** None for a file that is not there yet. @throws FmworkError USAGE */
export const readTokenList = (path: string): readonly StoredToken[] =>
  existsSync(path) ? parseTokenList(readFileSync(path, 'utf8'), path) : []

/** None for a file that is not there yet. @throws FmworkError USAGE */
export const readRevokedList = (path: string): readonly RevokedCertificate[] =>
  existsSync(path) ? parseRevokedList(readFileSync(path, 'utf8'), path) : []

export function writeTokenList(path: string, tokens: readonly StoredToken[]): void {
  replaceFile(path, `${JSON.stringify({ version: 1, tokens }, null, 2)}\n`)
}

export function writeRevokedList(path: string, revoked: readonly RevokedCertificate[]): void {
  replaceFile(path, `${JSON.stringify({ version: 1, revoked }, null, 2)}\n`)
}

/** All or nothing, readable by its owner only: a coordinator may read it at any moment. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.${randomBytes(4).toString('hex')}.new`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
}
