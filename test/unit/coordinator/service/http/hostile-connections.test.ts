import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openMetricsPage } from '../../../../../agent/session/metrics-page.js'
import type { MetricsPage } from '../../../../../agent/session/metrics-page.js'
import { CertificateFolder } from '../../../../../cli/certificates/certificate-folder.js'
import { systemClock } from '../../../../../shared/process/clock.js'
import { defaultHttpLimits } from '../../../../../shared/rpc/http-limits.js'
import type { HttpLimits } from '../../../../../shared/rpc/http-limits.js'
import { ask, closeAll, door } from './door-bench.js'

const pages: MetricsPage[] = []
afterEach(async () => {
  await closeAll()
  await Promise.all(pages.splice(0).map((page) => page.close()))
})

/** A bare connection that says this; `heard` resolves with what came until the other side ended it. */
function say(url: string, text: string): { socket: Socket; heard: Promise<string> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let all = ''
  socket.on('data', (bytes: Buffer) => (all += bytes.toString()))
  socket.on('error', () => socket.destroy())
  socket.write(text)
  return { socket, heard: new Promise((resolve) => socket.once('close', () => resolve(all))) }
}

type Open = (limits: Partial<HttpLimits>) => Promise<string>

async function metricsPage(limits: Partial<HttpLimits>): Promise<string> {
  const vitals = { connected: true, leases: 1, outboxBatches: 0, quarantined: 0, dropped: 0 }
  const page = await openMetricsPage('127.0.0.1:0', () => vitals, {
    ...defaultHttpLimits,
    ...limits,
  })
  pages.push(page)
  return page.url
}

const soon = { openingSeconds: 0.05, requestSeconds: 0.1, lookSeconds: 0.02 }
/** Never again within a test. */
const never = 1e-6
const served = async (url: string) => {
  expect((await ask(url)).status).toBe(200)
}
const connected = ({ socket }: ReturnType<typeof say>) =>
  new Promise((resolve) => socket.once('connect', resolve))

const doors: readonly (readonly [string, Open])[] = [
  ['the dashboard’s port', (limits) => door({ limits })],
  ['an agent’s metrics page', metricsPage],
]

describe.each(doors)('a connection to %s', (_, open) => {
  it.each([
    ['that says nothing', ''],
    ['whose headers never end', 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: '],
  ])('%s is ended', async (__, text) => {
    const url = await open(soon)
    expect(await say(url, text).heard).toMatch(/^(HTTP\/1.1 408 |$)/)
    await served(url)
  })

  it('on which nothing moves is closed', async () => {
    const url = await open({ stillSeconds: 0.05 })
    expect(await say(url, '').heard).toBe('')
    await served(url)
  })

  it.each([
    ['one host', { connectionsPerHost: 2 }],
    ['all hosts together', { connections: 2 }],
  ])('beyond those that %s may have is closed, and a place is free again', async (__, limits) => {
    const url = await open(limits)
    const allowed = [say(url, ''), say(url, '')]
    await Promise.all(allowed.map(connected))
    expect(await say(url, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n').heard).toBe('')
    for (const { socket } of allowed) socket.destroy()
    await expect
      .poll(() =>
        ask(url).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200)
  })

  it('that comes too soon after others of its host is closed; those are served', async () => {
    const url = await open({ connectsAtOnce: 2, connectsPerSecond: never })
    const early = [say(url, ''), say(url, '')]
    await Promise.all(early.map(connected))
    expect(await say(url, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n').heard).toBe('')
    const { pathname } = new URL(url)
    for (const { socket, heard } of early) {
      socket.write(`GET ${pathname} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`)
      expect(await heard).toMatch(/^HTTP\/1.1 200 /)
    }
  })

  it('that sends requests too fast is told so once and ended', async () => {
    const url = await open({ requestsAtOnce: 3, requestsPerSecond: never })
    const { pathname } = new URL(url)
    const one = `GET ${pathname} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`
    const heard = await say(url, one.repeat(20)).heard
    expect(heard.match(/HTTP\/1.1 200 /g)).toHaveLength(3)
    expect(heard.match(/HTTP\/1.1 4\d\d /g)).toHaveLength(1)
    expect((await ask(url).catch(() => undefined))?.status).not.toBe(200)
  })
})

describe('a connection to the dashboard’s port', () => {
  it('whose body never ends is ended', async () => {
    const url = await door({ limits: soon })
    const text =
      'POST /api/v1/echo HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n1'
    expect(await say(url, text).heard).toMatch(/^(HTTP\/1.1 408 |$)/)
    await served(url)
  })

  it('that sends requests too fast hears of it as of any failure', async () => {
    const url = await door({ limits: { requestsAtOnce: 1 } })
    const one = 'GET /api/v1/echo/a HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'
    expect(await say(url, one.repeat(2)).heard).toContain('LIMIT_EXCEEDED')
  })
})

describe('a TLS handshake with the dashboard’s port', () => {
  const hello = Buffer.from('16030100c8010000c40303', 'hex').toString('latin1')
  it.each([
    ['never begins', ''],
    ['never goes on', hello],
  ])('that %s is ended', async (_, text) => {
    const folder = mkdtempSync(join(tmpdir(), 'fmwork-tls-'))
    try {
      const lab = new CertificateFolder(folder)
      const day = { fromMs: systemClock.wall(), days: 1 }
      await lab.init('lab', day)
      await lab.issue({ kind: 'coordinator', name: 'node0', hosts: ['127.0.0.1'] }, day)
      const pem = (kind: 'crt' | 'key') => readFileSync(lab.path('node0', kind), 'utf8')
      const tls = { cert: pem('crt'), key: pem('key') }
      // Only the handshake has a time: headers and requests would have theirs afterwards.
      const limits = { openingSeconds: 0.05, requestSeconds: 60, lookSeconds: 60 }
      const url = await door({ tls, limits })
      expect(await say(url, text).heard).toBe('')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
