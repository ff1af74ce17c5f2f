import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../shared/process/log.js'
import type { ChannelAccess } from '../../shared/rpc/channel.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving } from '../../shared/rpc/server.js'
import type { ServerTls } from '../../shared/rpc/tls.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'
import { FakeAgentDesk, FakeSweepDesk } from './support/fake-desks.js'

const log = createLog({ name: 'test', level: 'silent' })

/** Made anew at every run: no key is ever committed. */
function makeCertificates(folder: string) {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] })
  const authority = (name: string) =>
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', `${name}.key`, '-out', `${name}.crt`, '-days', '1', '-subj', `/CN=${name}`],
    )
  const signed = (name: string, ca: string, subject = `/CN=${name}`) =>
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', `${name}.key`, '-out', `${name}.crt`, '-days', '1', '-subj', subject],
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-addext', 'basicConstraints=critical,CA:FALSE'],
      ...['-CA', `${ca}.crt`, '-CAkey', `${ca}.key`],
    )
  authority('lab')
  authority('stranger')
  signed('coordinator', 'lab')
  signed('viewer', 'lab', '/O=fmwork/OU=viewer/CN=viewer')
  signed('elsewhere', 'lab')
  signed('intruder', 'stranger')
  return (file: string) => readFileSync(join(folder, file), 'utf8')
}

let pem: (file: string) => string
let serving: Serving | undefined

beforeAll(() => {
  pem = makeCertificates(temporaryFolder())
})
afterAll(removeTemporaryFolders)
afterEach(async () => {
  await serving?.close(0.2)
})

async function ask(tls: ServerTls, access: ChannelAccess): Promise<number> {
  serving = await serve({
    listen: '127.0.0.1:0',
    desks: { agents: new FakeAgentDesk(), sweeps: new FakeSweepDesk() },
    log,
    tls,
    ...(typeof access.token === 'string' ? { token: access.token } : {}),
  })
  const desk = connectSweepDesk(serving.address, access)
  try {
    return (await desk.list()).length
  } finally {
    desk.close()
  }
}

const own = (): ServerTls => ({ cert: pem('coordinator.crt'), key: pem('coordinator.key') })
const mutual = (): ServerTls => ({ ...own(), clientCa: pem('lab.crt') })
const refused = { code: 'COORDINATOR_UNREACHABLE' }

describe('TLS', () => {
  it('lets in whoever trusts the authority', async () => {
    expect(await ask(own(), { tls: { ca: pem('lab.crt') } })).toBe(1)
  })

  it('carries a token', async () => {
    const access = { tls: { ca: pem('lab.crt') }, token: 'a-token-of-some-length' }
    expect(await ask(own(), access)).toBe(1)
  })

  it('of a stranger is not trusted', async () => {
    await expect(ask(own(), { tls: { ca: pem('stranger.crt') } })).rejects.toMatchObject({
      ...refused,
      hint: expect.stringContaining('--tls-ca') as string,
    })
  })

  it('does not answer those who come without it', async () => {
    await expect(ask(own(), {})).rejects.toMatchObject(refused)
  })
})

describe('files that are no TLS', () => {
  it('are refused by the name of their options, on either side', async () => {
    const garbage = { cert: 'no certificate', key: 'no key' }
    await expect(ask(garbage, {})).rejects.toMatchObject({
      code: 'USAGE',
      problems: [{ field: '--tls-cert, --tls-key' }],
    })
    expect(() => connectSweepDesk('127.0.0.1:1', { tls: { ca: 'no certificate' } })).toThrow(
      expect.objectContaining({ code: 'USAGE' }) as Error,
    )
  })
})

describe('mutual TLS', () => {
  const shown = (name: string): ChannelAccess => ({
    tls: { ca: pem('lab.crt'), cert: pem(`${name}.crt`), key: pem(`${name}.key`) },
  })

  it('lets in a certificate of the lab that names a role', async () => {
    expect(await ask(mutual(), shown('viewer'))).toBe(1)
  })

  it('refuses a certificate that names none, unless a token tells the role', async () => {
    await expect(ask(mutual(), shown('elsewhere'))).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      message: 'the certificate names no role',
    })
    await serving?.close(0.2)
    expect(await ask(mutual(), { ...shown('elsewhere'), token: 'a-token-of-some-length' })).toBe(1)
  })

  it('refuses none and a stranger’s', async () => {
    await expect(ask(mutual(), { tls: { ca: pem('lab.crt') } })).rejects.toMatchObject(refused)
    await serving?.close(0.2)
    const tls = { ca: pem('lab.crt'), cert: pem('intruder.crt'), key: pem('intruder.key') }
    await expect(ask(mutual(), { tls })).rejects.toMatchObject(refused)
  })
})
