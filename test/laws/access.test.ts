import fc from 'fast-check'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../../shared/domain/access.js'
import type { Role } from '../../shared/domain/access.js'
import type { FmworkError } from '../../shared/domain/errors.js'
import { FakeClock } from '../../shared/process/clock.js'
import { writeRevokedList, writeTokenList } from '../../shared/rpc/access/access-files.js'
import { accessTable, admissionTo } from '../../shared/rpc/access/access-table.js'
import { createGate } from '../../shared/rpc/access/gate.js'
import { mintToken } from '../../shared/rpc/access/token.js'
import { AgentService, ControlService } from '../../shared/rpc/schema.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-access-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const clock = new FakeClock()
const mint = (name: string, role: Role, more: { agent?: string; expiresAt?: number } = {}) =>
  mintToken({ name, role, createdAt: clock.wall(), ...more })
const codeOf = (action: () => unknown): string => {
  try {
    action()
    return 'ok'
  } catch (error) {
    return (error as FmworkError).code
  }
}

describe('the access table', () => {
  const served = [AgentService, ControlService].flatMap(({ service }) =>
    Object.values(service).map(({ path }) => path),
  )

  it('has a row for every method that is served, and none that is not', () => {
    const ours = Object.keys(accessTable).filter((path) => path.startsWith('/fmwork.'))
    expect(ours.sort()).toEqual(served.sort())
  })

  it('lets a viewer change nothing and an agent control nothing', () => {
    const may = (role: Role) =>
      served.filter((path) => (admissionTo(path) as readonly string[]).includes(role))
    expect(may('viewer')).toEqual(
      may('viewer').filter((path) => /\/(Get|List|Watch|Export)/.test(path)),
    )
    expect(may('agent').sort()).toEqual([
      '/fmwork.v1.AgentService/Report',
      '/fmwork.v1.AgentService/Session',
    ])
    expect(may('operator')).not.toContain('/fmwork.v1.AgentService/Report')
    expect(may('operator').length).toBe(served.length - 2)
  })

  it('admits nobody to a method without a row', () => {
    expect(admissionTo('/fmwork.v1.ControlService/Shutdown')).toEqual([])
    expect(admissionTo('toString')).toEqual([])
  })
})

describe('the gate', () => {
  it('knows every token of its list by role, and no other text', () => {
    const path = join(folder, 'all.json')
    const minted = roles.map((role) => ({ role, ...mint(`a-${role}`, role) }))
    writeTokenList(
      path,
      minted.map(({ stored }) => stored),
    )
    const gate = createGate({ tokenList: path }, clock)
    for (const { role, token } of minted) expect(gate.admit({ token }).roles).toEqual([role])
    const mutated = fc
      .record({
        of: fc.constantFrom(...minted.map(({ token }) => token)),
        at: fc.nat(),
        by: fc.string({ minLength: 1, maxLength: 2 }),
      })
      .map(({ of, at, by }) => of.slice(0, at % of.length) + by + of.slice((at % of.length) + 1))
      .filter((text) => minted.every(({ token }) => token !== text))
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string()), (token) => {
        expect(codeOf(() => gate.admit({ token }))).toBe('AUTHENTICATION_FAILED')
      }),
      { numRuns: 500 },
    )
    expect(codeOf(() => gate.admit({}))).toBe('AUTHENTICATION_FAILED')
  })

  it('hears of new, expired, revoked and vanished tokens at once', async () => {
    const path = join(folder, 'changing.json')
    const first = mint('first', 'viewer')
    writeTokenList(path, [first.stored])
    const gate = createGate({ tokenList: path }, clock)
    expect(codeOf(() => gate.admit(first))).toBe('ok')
    const second = mint('second', 'viewer', { expiresAt: clock.wall() + 1000 })
    expect(codeOf(() => gate.admit(second))).toBe('AUTHENTICATION_FAILED')
    writeTokenList(path, [{ ...first.stored, revokedAt: clock.wall() }, second.stored])
    expect(codeOf(() => gate.admit(first))).toBe('AUTHENTICATION_FAILED')
    expect(codeOf(() => gate.admit(second))).toBe('ok')
    await clock.advance(1)
    expect(codeOf(() => gate.admit(second))).toBe('AUTHENTICATION_FAILED')
    const third = mint('third', 'viewer')
    writeTokenList(path, [third.stored])
    expect(codeOf(() => gate.admit(third))).toBe('ok')
    rmSync(path)
    expect(() => gate.admit(third)).toThrow(/cannot read its access lists/)
    writeFileSync(path, '{"version":1')
    expect(() => gate.admit(third)).toThrow(/cannot read its access lists/)
  })

  it('keeps no token, only its hash, in a file for its owner alone', () => {
    const path = join(folder, 'hashed.json')
    const { token, stored } = mint('one', 'operator')
    writeTokenList(path, [stored])
    expect(JSON.stringify(stored)).not.toContain(token.slice(16))
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  const certificate = (CN: string, OU: string, serialNumber = 'AB12') => ({
    subject: { C: '', ST: '', L: '', O: 'fmwork', OU, CN },
    serialNumber,
    valid_to: new Date(clock.wall() + 10_000).toUTCString(),
  })

  it('reads role and agent in a certificate, until it is revoked or too old', async () => {
    const path = join(folder, 'revoked.json')
    writeRevokedList(path, [])
    const gate = createGate({ certificates: true, revokedList: path }, clock)
    expect(gate.admit({ certificate: certificate('gpu1', 'agent') })).toEqual({
      name: 'gpu1',
      roles: ['agent'],
      agent: 'gpu1',
    })
    const viewer = certificate('ada', 'viewer', 'CD')
    expect(gate.admit({ certificate: viewer })).toEqual({ name: 'ada', roles: ['viewer'] })
    expect(codeOf(() => gate.admit({}))).toBe('AUTHENTICATION_FAILED')
    const stranger = { ...viewer, subject: { ...viewer.subject, O: 'elsewhere' } }
    expect(codeOf(() => gate.admit({ certificate: stranger }))).toBe('AUTHENTICATION_FAILED')
    writeRevokedList(path, [{ serialNumber: 'CD', name: 'ada', revokedAt: clock.wall() }])
    expect(() => gate.admit({ certificate: viewer })).toThrow(/revoked/)
    const old = certificate('gpu1', 'agent')
    await clock.advance(20)
    expect(() => gate.admit({ certificate: old })).toThrow(/expired/)
  })

  it('allows what certificate and token allow together', () => {
    const path = join(folder, 'both.json')
    const minted = [
      mint('any', 'agent'),
      mint('bound', 'agent', { agent: 'gpu2' }),
      mint('operator', 'operator'),
    ] as const
    const [any, bound, operator] = minted
    writeTokenList(
      path,
      minted.map(({ stored }) => stored),
    )
    const gate = createGate({ certificates: true, tokenList: path }, clock)
    const gpu1 = certificate('gpu1', 'agent')
    expect(gate.admit({ certificate: gpu1, ...any })).toMatchObject({
      roles: ['agent'],
      agent: 'gpu1',
    })
    expect(() => gate.admit({ certificate: gpu1, ...bound })).toThrow(/agent gpu2’s/)
    expect(gate.admit({ certificate: gpu1, ...operator }).roles).toEqual([])
    expect(codeOf(() => gate.admit({ certificate: gpu1 }))).toBe('AUTHENTICATION_FAILED')
  })

  it('that asks for nothing lets everyone do everything', () => {
    const gate = createGate({}, clock)
    expect(gate.guarded).toBe(false)
    expect(gate.admit({}).roles).toEqual(roles)
  })

  it('refuses to open on a list that it cannot read', () => {
    const path = join(folder, 'bad.json')
    expect(codeOf(() => createGate({ tokenList: path }, clock))).toBe('USAGE')
    for (const text of ['', '[]', '{"version":2,"tokens":[]}', '{"version":1,"tokens":[{}]}']) {
      writeFileSync(path, text)
      expect(codeOf(() => createGate({ tokenList: path }, clock))).toBe('USAGE')
      expect(codeOf(() => createGate({ revokedList: path }, clock))).toBe('USAGE')
    }
  })
})
