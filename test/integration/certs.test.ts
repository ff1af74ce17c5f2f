import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CertificateFolder } from '../../cli/certificates/certificate-folder.js'
import { asFmworkError } from '../../shared/domain/errors.js'
import { systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { connectAgentLink } from '../../shared/rpc/agent-link.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving } from '../../shared/rpc/server.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { introduction } from './support/examples.js'
import { removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'
import { FakeAgentDesk, FakeSweepDesk } from './support/fake-desks.js'

const log = createLog({ name: 'test', level: 'silent' })
const quietLine = { revoke: () => undefined, drain: () => undefined, wake: () => undefined }
const year = { fromMs: systemClock.wall(), days: 365 }

let lab: CertificateFolder
let serving: Serving | undefined
let agents: FakeAgentDesk

beforeAll(async () => {
  lab = new CertificateFolder(temporaryFolder())
  await lab.init('test lab', year)
  await lab.issue(
    { kind: 'coordinator', name: 'coordinator', hosts: ['localhost', '127.0.0.1'] },
    year,
  )
  for (const kind of ['agent', 'operator', 'viewer'] as const) {
    await lab.issue({ kind, name: `one-${kind}`, hosts: [] }, year)
  }
})
afterEach(async () => {
  await serving?.close(0.2)
  serving = undefined
})
afterAll(removeTemporaryFolders)

const pem = (name: string, kind: 'crt' | 'key' = 'crt') =>
  readFileSync(lab.path(name, kind), 'utf8')
const shown = (name: string) => ({
  tls: { ca: pem('ca'), cert: pem(name), key: pem(name, 'key') },
})

/** A coordinator with the certificate of that name, asking callers for theirs. */
async function listen(name = 'coordinator'): Promise<string> {
  agents = new FakeAgentDesk()
  serving = await serve({
    listen: '127.0.0.1:0',
    desks: { agents, sweeps: new FakeSweepDesk() },
    log,
    tls: { cert: pem(name), key: pem(name, 'key'), clientCa: pem('ca') },
    revokedList: lab.revokedPath,
  })
  return serving.address
}

/** The code that listing sweeps, or cancelling one, ends with for the bearer of a certificate. */
async function outcome(address: string, name: string, what: 'list' | 'cancel'): Promise<string> {
  const desk = connectSweepDesk(address, shown(name))
  try {
    await (what === 'list' ? desk.list() : desk.cancel('first'))
    return 'ok'
  } catch (error) {
    return asFmworkError(error).code
  } finally {
    desk.close()
  }
}

describe('fmwork certs', () => {
  it('makes keys for their owner alone, and overwrites none', async () => {
    for (const name of ['ca', 'coordinator', 'one-agent']) {
      expect(statSync(lab.path(name, 'key')).mode & 0o777).toBe(0o600)
    }
    const before = pem('ca', 'key')
    await expect(lab.init('again', year)).rejects.toMatchObject({ code: 'USAGE' })
    for (const name of ['one-agent', 'ca']) {
      await expect(lab.issue({ kind: 'viewer', name, hosts: [] }, year)).rejects.toMatchObject({
        code: 'USAGE',
      })
    }
    expect(pem('ca', 'key')).toBe(before)
  })

  it('lists what it made', async () => {
    expect(
      (await lab.list()).map(({ name, kind, revoked }) => `${name} ${kind} ${revoked}`),
    ).toEqual([
      'coordinator coordinator false',
      'one-agent agent false',
      'one-operator operator false',
      'one-viewer viewer false',
    ])
  })

  it('makes certificates that OpenSSL accepts as the authority’s', () => {
    const authority = new X509Certificate(pem('ca'))
    const certificate = new X509Certificate(pem('coordinator'))
    expect(certificate.verify(authority.publicKey)).toBe(true)
    expect(certificate.checkHost('localhost')).toBe('localhost')
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(certificate.ca).toBe(false)
  })
})

describe('the certificate of', () => {
  it('a viewer reads, an operator steers, an agent does neither', async () => {
    const address = await listen()
    const table = []
    for (const name of ['one-viewer', 'one-operator', 'one-agent']) {
      for (const what of ['list', 'cancel'] as const) {
        table.push(`${name} ${what}: ${await outcome(address, name, what)}`)
      }
    }
    expect(table).toEqual([
      'one-viewer list: ok',
      'one-viewer cancel: NOT_PERMITTED',
      'one-operator list: ok',
      'one-operator cancel: ok',
      'one-agent list: NOT_PERMITTED',
      'one-agent cancel: NOT_PERMITTED',
    ])
  })

  it('an agent speaks for that agent only', async () => {
    const link = connectAgentLink(await listen(), { clock: systemClock, ...shown('one-agent') })
    const session = await link.openSession(introduction('one-agent'), quietLine)
    await expect(link.openSession(introduction('another'), quietLine)).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
    })
    await expect(link.report({ agent: 'another', sequence: 1, items: [] })).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
    })
    expect(agents.arrived).toEqual([])
    await session.close()
    link.close()
  })

  it('an agent cannot pose as a coordinator', async () => {
    const address = await listen('one-agent')
    expect(await outcome(address, 'one-operator', 'list')).toBe('COORDINATOR_UNREACHABLE')
  })

  it('someone revoked is refused at the next message, without a restart', async () => {
    await lab.issue({ kind: 'agent', name: 'stolen', hosts: [] }, year)
    const link = connectAgentLink(await listen(), { clock: systemClock, ...shown('stolen') })
    const session = await link.openSession(introduction('stolen'), quietLine)
    await lab.revoke('stolen', year.fromMs)
    session.heartbeat({ activity: 'idle', eventLoopLagMs: 0 })
    expect(await session.over).toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      message: 'the certificate of stolen is revoked',
    })
    link.close()
    await expect(lab.renew('stolen', year)).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('someone renewed keeps its key, and works beside its old self', async () => {
    const [before, key] = [pem('one-viewer'), pem('one-viewer', 'key')]
    const facts = await lab.renew('one-viewer', { ...year, days: 500 })
    expect(pem('one-viewer', 'key')).toBe(key)
    expect(pem('one-viewer')).not.toBe(before)
    expect(facts).toMatchObject({ kind: 'viewer', name: 'one-viewer' })
    expect(await outcome(await listen(), 'one-viewer', 'list')).toBe('ok')
  })
})
