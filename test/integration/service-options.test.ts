import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentOptions } from '../../agent/main.js'
import { CertificateFolder } from '../../cli/certificates/certificate-folder.js'
import { coordinatorOptions } from '../../coordinator/main.js'
import { systemClock } from '../../shared/process/clock.js'

let folder: string
let file: (name: string, content: string) => string
let lab: CertificateFolder
const pem = (name: string, kind: 'crt' | 'key' = 'crt') =>
  readFileSync(lab.path(name, kind), 'utf8')
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-options-'))
  file = (name, content) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  lab = new CertificateFolder(join(folder, 'lab'))
  const day = { fromMs: systemClock.wall(), days: 1 }
  await lab.init('lab', day)
  await lab.issue({ kind: 'coordinator', name: 'node0', hosts: ['node0'] }, day)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const usage = (text: RegExp) =>
  expect.objectContaining({
    code: 'USAGE',
    message: expect.stringMatching(text) as string,
  }) as Error

describe('the coordinator’s command line', () => {
  const needed = ['--data', '/d', '--listen', ':0']
  it('is read whole', () => {
    expect(coordinatorOptions(needed)).toEqual({ dataDir: '/d', listen: ':0' })
    const secured = coordinatorOptions([
      ...needed,
      ...['--tls-cert', lab.path('node0', 'crt'), '--tls-key', lab.path('node0', 'key')],
      ...['--tls-client-ca', lab.path('ca', 'crt'), '--insecure', '--log-file', '/l'],
      ...['--token-file', file('token', '0123456789abcdef\n')],
      ...['--tokens', '/t.json', '--tls-revoked', '/r.json', '--reflection'],
    ])
    const { tls, ...rest } = secured
    expect(tls?.current()).toEqual({
      cert: pem('node0'),
      key: pem('node0', 'key'),
      clientCa: pem('ca'),
    })
    expect(rest).toEqual({
      dataDir: '/d',
      listen: ':0',
      insecure: true,
      logFile: '/l',
      token: '0123456789abcdef',
      tokenList: '/t.json',
      revokedList: '/r.json',
      reflection: true,
    })
  })

  it('is refused where it is wrong', () => {
    expect(() => coordinatorOptions([])).toThrow(usage(/--data and --listen/))
    expect(() => coordinatorOptions([...needed, '--tls-key', '/k'])).toThrow(usage(/go together/))
    expect(() =>
      coordinatorOptions([...needed, '--tls-cert', '/none', '--tls-key', '/none']),
    ).toThrow(usage(/--tls-cert cannot be read/))
    expect(() => coordinatorOptions([...needed, '--port', '1'])).toThrow(usage(/--port/))
  })
})

describe('the agent’s command line', () => {
  const needed = ['--coordinator', 'c:1', '--name', 'one', '--data', '/d']
  it('is read whole', () => {
    expect(agentOptions(needed)).toEqual({
      coordinator: 'c:1',
      name: 'one',
      stateDir: '/d',
      engines: [],
    })
    const all = agentOptions([
      ...needed,
      ...['--allow-engine', 'embedded', '--allow-engine', 'openai', '--gpu', '--devices', '4'],
      ...[
        '--allow-base-url',
        'http://h:1',
        '--allow-data',
        '/d',
        '--cache',
        '/c',
        '--hardware',
        'H100',
      ],
      ...['--tls-ca', lab.path('ca', 'crt'), '--log-file', '/l'],
    ])
    expect(all).toMatchObject({
      engines: ['embedded', 'openai'],
      gpu: true,
      deviceCount: 4,
      allowedBaseUrls: ['http://h:1'],
      dataFolders: ['/d'],
      cacheFolder: '/c',
      hardware: 'H100',
      tls: { current: expect.any(Function) as unknown },
      logFile: '/l',
    })
  })

  it('reads its token again when the file changes', () => {
    const path = file('agent.token', 'the-first-token-of-all\n')
    const { token } = agentOptions([...needed, '--token-file', path])
    const now = () => (typeof token === 'function' ? token() : token)
    expect(now()).toBe('the-first-token-of-all')
    rmSync(path)
    expect(now()).toBe('the-first-token-of-all')
    file('agent.token', 'the-second-token-of-all\n')
    expect(now()).toBe('the-second-token-of-all')
  })

  it.each(['0', 'x', '1.5', '-1'])('%s is no count of devices', (devices) => {
    expect(() => agentOptions([...needed, `--devices=${devices}`])).toThrow(usage(/--devices/))
  })
})
