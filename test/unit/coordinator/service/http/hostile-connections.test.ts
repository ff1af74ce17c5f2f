import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ask, asJson, closeAll, door } from './door-bench.js'

afterEach(closeAll)

/** A bare connection that says this; `heard` resolves with what came until the other side ended it. */
function say(url: string, text: string): { socket: Socket; heard: Promise<string> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let all = ''
  socket.on('data', (bytes: Buffer) => (all += bytes.toString()))
  socket.on('error', () => socket.destroy())
  socket.write(text)
  return { socket, heard: new Promise((resolve) => socket.once('close', () => resolve(all))) }
}

const soon = { openingSeconds: 0.05, requestSeconds: 0.1, lookSeconds: 0.02 }
const served = async (url: string) => {
  expect((await ask(`${url}api/v1/echo/a`)).status).toBe(200)
}

describe('a connection', () => {
  it.each([
    ['that says nothing', ''],
    ['whose headers never end', 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: '],
    [
      'whose body never ends',
      'POST /api/v1/echo HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n1',
    ],
  ])('%s is ended', async (_, text) => {
    const url = await door({ limits: soon })
    expect(await say(url, text).heard).toMatch(/^(HTTP\/1.1 408 |$)/)
    await served(url)
  })

  it('on which nothing moves is closed', async () => {
    const url = await door({ limits: { stillSeconds: 0.05 } })
    expect(await say(url, '').heard).toBe('')
    await served(url)
  })

  it('beyond those that one host may have is closed, and a place is free again', async () => {
    const url = await door({ limits: { connectionsPerHost: 2 } })
    const allowed = [say(url, ''), say(url, '')]
    await Promise.all(
      allowed.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))),
    )
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

  it('that sends requests too fast is told so once and ended', async () => {
    const url = await door({ limits: { requestsAtOnce: 3 } })
    const one = 'GET /api/v1/echo/a HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'
    const heard = await say(url, one.repeat(20)).heard
    expect(heard.match(/HTTP\/1.1 200 /g)).toHaveLength(3)
    expect(heard.match(/HTTP\/1.1 4\d\d /g)).toHaveLength(1)
    expect(heard).toContain('LIMIT_EXCEEDED')
    expect((await ask(`${url}api/v1/echo`, asJson, '{}').catch(() => undefined))?.status).not.toBe(
      200,
    )
  })
})
