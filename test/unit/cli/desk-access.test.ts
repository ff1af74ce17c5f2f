import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deskAccess } from '../../../cli/desk-access.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-access-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('access to a coordinator', () => {
  it('is plain when nothing is given', () => {
    expect(deskAccess({})).toEqual({})
  })

  it('carries what the files hold', () => {
    const access = deskAccess({
      tokenFile: file('token', 'a-token-of-twenty-two\n'),
      tlsCa: file('ca', 'CA'),
      tlsCert: file('cert', 'CERT'),
      tlsKey: file('key', 'KEY'),
    })
    expect(access).toEqual({
      token: 'a-token-of-twenty-two',
      tls: { ca: 'CA', cert: 'CERT', key: 'KEY' },
    })
  })

  it('refuses half a certificate and names a file that cannot be read', () => {
    expect(() => deskAccess({ tlsCert: file('cert', 'CERT') })).toThrow(
      '--tls-cert and --tls-key go together',
    )
    expect(() => deskAccess({ tlsCa: join(folder, 'missing') })).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        problems: [
          {
            field: '--tls-ca',
            value: join(folder, 'missing'),
            expected: 'expected a readable PEM file',
          },
        ],
      }),
    )
  })
})
