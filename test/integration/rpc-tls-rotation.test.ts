import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CertificateFolder } from '../../cli/certificates/certificate-folder.js'
import { openHttpDoor } from '../../coordinator/service/http/http-door.js'
import { readStaticFiles } from '../../coordinator/service/http/static-files.js'
import { FakeClock, systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { connectAgentLink } from '../../shared/rpc/agent-link.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving } from '../../shared/rpc/server.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { checkChannelTls, checkServerTls, tlsFromFiles } from '../../shared/rpc/tls.js'
import type { ChannelTls, ServerTls, TlsSource } from '../../shared/rpc/tls.js'
import { introduction } from './support/examples.js'
import { removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'
import { FakeAgentDesk, FakeSweepDesk } from './support/fake-desks.js'

const quietLine = { revoke: () => undefined, drain: () => undefined, wake: () => undefined }
const year = { fromMs: systemClock.wall(), days: 365 }

/** Two labs, so that a certificate of the one is nothing to the other. */
const labs: Record<string, CertificateFolder> = {}
beforeAll(async () => {
  for (const name of ['old', 'new']) {
    const lab = new CertificateFolder(temporaryFolder())
    await lab.init(`${name} lab`, year)
    await lab.issue({ kind: 'coordinator', name: 'coordinator', hosts: ['127.0.0.1'] }, year)
    await lab.issue({ kind: 'agent', name: 'a', hosts: [] }, year)
    labs[name] = lab
  }
})
afterAll(removeTemporaryFolders)

let folder: string
let serving: Serving
let clock: FakeClock
let logFile: string
let log: ReturnType<typeof createLog>

const at = (name: string) => join(folder, name)
const of = (lab: string, name: string, kind: 'crt' | 'key' = 'crt') =>
  (labs[lab] as CertificateFolder).path(name, kind)
/** Puts a lab’s files where the programs look. */
function install(lab: string, names: readonly string[] = ['ca', 'coordinator', 'a']): void {
  for (const name of names) {
    copyFileSync(of(lab, name), at(`${name}.crt`))
    copyFileSync(of(lab, name, 'key'), at(`${name}.key`))
  }
}
const file = (field: string, name: string) => ({ field, path: at(name) })
const serverTls = (): TlsSource<ServerTls> =>
  tlsFromFiles(
    {
      cert: file('--tls-cert', 'coordinator.crt'),
      key: file('--tls-key', 'coordinator.key'),
      clientCa: file('--tls-client-ca', 'ca.crt'),
    },
    checkServerTls,
  )
const agentTls = (): TlsSource<ChannelTls> =>
  tlsFromFiles(
    {
      ca: file('--tls-ca', 'ca.crt'),
      cert: file('--tls-cert', 'a.crt'),
      key: file('--tls-key', 'a.key'),
    },
    checkChannelTls,
  )
const logged = () => readFileSync(logFile, 'utf8')

beforeEach(async () => {
  folder = temporaryFolder()
  logFile = at('log')
  log = createLog({ name: 'test', file: logFile })
  clock = new FakeClock()
  install('old')
  serving = await serve({
    listen: '127.0.0.1:0',
    desks: { agents: new FakeAgentDesk(), sweeps: new FakeSweepDesk() },
    log,
    clock,
    tls: serverTls(),
  })
})
afterEach(async () => {
  const closed = serving.close(0)
  await clock.advance(0)
  await closed
})

/** The organisation of whoever signed the certificate that a new connection meets. */
function authorityMet(address: string): Promise<string> {
  const [host, port] = address.split(':')
  return new Promise((resolve, reject) => {
    const socket = connectTls(
      { host: host ?? '', port: Number(port), rejectUnauthorized: false, ALPNProtocols: ['h2'] },
      () => {
        resolve(String(socket.getPeerCertificate().issuer.CN))
        socket.destroy()
      },
    )
    socket.on('error', reject)
  })
}

/** Whether the bearer of that lab’s certificate is let in by now. */
async function isLetIn(lab: string): Promise<boolean> {
  const desk = connectAgentLink(serving.address, {
    clock,
    tls: {
      ca: readFileSync(of(lab, 'ca'), 'utf8'),
      cert: readFileSync(of(lab, 'a'), 'utf8'),
      key: readFileSync(of(lab, 'a', 'key'), 'utf8'),
    },
  })
  try {
    await (await desk.openSession(introduction('a'), quietLine)).close()
    return true
  } catch {
    return false
  } finally {
    desk.close()
  }
}

describe('certificates that are replaced while everything runs', () => {
  it('are met by the next connection; what is connected lives on', async () => {
    const link = connectAgentLink(serving.address, { clock, log, tls: agentTls() })
    const before = await link.openSession(introduction('a'), quietLine)
    expect(await authorityMet(serving.address)).toBe('old lab')

    install('new')
    expect(await authorityMet(serving.address)).toBe('new lab')
    expect(logged()).toContain('TLS files read again')
    expect(await before.renew([{ leaseId: 'l', token: 1 }])).toEqual(['l'])
    // The same link, with the agent’s own new files.
    const after = await link.openSession(introduction('a'), quietLine)
    expect(await after.renew([{ leaseId: 'l', token: 1 }])).toEqual(['l'])
    await after.close()
    link.close()
    expect([await isLetIn('old'), await isLetIn('new')]).toEqual([false, true])
  })

  it.each([
    ['that are none', () => writeFileSync(at('coordinator.crt'), 'no certificate')],
    ['of another key', () => copyFileSync(of('new', 'coordinator'), at('coordinator.crt'))],
    ['with an authority that is none', () => writeFileSync(at('ca.crt'), '')],
  ])('leave the old ones in use where they are ones %s, and it is said once', async (_, spoil) => {
    spoil()
    expect(await authorityMet(serving.address)).toBe('old lab')
    expect(await isLetIn('old')).toBe(true)
    expect(logged().match(/those read before stay in use/g)).toHaveLength(1)
    install('new')
    expect(await authorityMet(serving.address)).toBe('new lab')
  })

  it('that have expired leave the old ones in use', async () => {
    const lab = labs.old as CertificateFolder
    const past = { fromMs: systemClock.wall() - 3 * 86_400_000, days: 1 }
    await lab.issue({ kind: 'coordinator', name: 'expired', hosts: ['127.0.0.1'] }, past)
    copyFileSync(lab.path('expired', 'crt'), at('coordinator.crt'))
    copyFileSync(lab.path('expired', 'key'), at('coordinator.key'))
    expect(await isLetIn('old')).toBe(true)
    expect(logged()).toContain('the certificate has expired')
  })

  it('are told of within ten seconds though nobody connects', async () => {
    writeFileSync(at('coordinator.key'), 'no key')
    expect(logged()).not.toContain('cannot be used')
    await clock.advance(10)
    expect(logged()).toContain('cannot be used')
  })

  it('are met by browsers too', async () => {
    const door = await openHttpDoor({
      listen: '127.0.0.1:0',
      routes: [],
      files: readStaticFiles(new URL(`file://${folder}/`)),
      log,
      clock,
      gate: serving.gate,
      tls: serverTls(),
    })
    const met = (lab: string): Promise<string> =>
      new Promise((resolve) => {
        const agent = { cert: readFileSync(of(lab, 'a')), key: readFileSync(of(lab, 'a', 'key')) }
        const ca = readFileSync(of(lab, 'ca'))
        get(door.url, { ...agent, ca, agent: false }, (response) => {
          const { socket } = response
          resolve(
            socket instanceof TLSSocket ? String(socket.getPeerCertificate().issuer.CN) : 'no TLS',
          )
          response.destroy()
        }).on('error', () => resolve('refused'))
      })
    expect(await met('old')).toBe('old lab')
    install('new')
    expect([await met('old'), await met('new')]).toEqual(['refused', 'new lab'])
    await door.close()
  })
})

describe('a caller who wants to use a desk', () => {
  it('takes what its files say at that moment', async () => {
    const desk = connectSweepDesk(serving.address, { tls: agentTls() })
    await expect(desk.list()).rejects.toMatchObject({ code: 'NOT_PERMITTED' })
    desk.close()
  })
})
