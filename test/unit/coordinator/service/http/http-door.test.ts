import { afterEach, describe, expect, it } from 'vitest'
import { json } from '../../../../../coordinator/service/http/route.js'
import { FmworkError } from '../../../../../shared/domain/errors.js'
import { createGate } from '../../../../../shared/rpc/access/gate.js'
import { ask, asJson, clock, closeAll, door, token } from './door-bench.js'

afterEach(closeAll)

const codeIn = (body: string): string =>
  (JSON.parse(body) as { error: { code: string } }).error.code

describe('what it serves', () => {
  it('the page under a policy without inline scripts, and nothing else of its folder', async () => {
    const url = await door()
    const page = await ask(url)
    expect(page.body).toBe('<title>FMwork</title>')
    expect(page.headers['content-security-policy']).toContain("script-src 'self'")
    expect(page.headers['content-security-policy']).not.toContain('unsafe')
    expect(page.headers['cache-control']).toBe('no-cache')
    expect((await ask(`${url}app-1.js`)).headers['cache-control']).toContain('immutable')
    for (const path of ['secret.key', 'index.html', '../package.json', '%2e%2e/package.json']) {
      expect((await ask(`${url}${path}`)).status, path).toBe(404)
    }
  })

  it('JSON with what is not finite as null, compressed where that is worth it', async () => {
    const url = await door({
      routes: [{ method: 'GET', path: '/api/v1/long', handle: () => json('x'.repeat(5000)) }],
    })
    const zipped = await fetch(`${url}api/v1/long`, { headers: { 'accept-encoding': 'gzip' } })
    expect(zipped.headers.get('content-encoding')).toBe('gzip')
    expect(await zipped.json()).toBe('x'.repeat(5000))
    const other = await door()
    const echoed = await ask(`${other}api/v1/echo/a%2Fb?q=1`)
    expect(JSON.parse(echoed.body)).toEqual({ what: 'a/b', q: '1', nan: null })
  })

  it('failures with the status of their row, a fault of ours without its details', async () => {
    const throws = (path: string, error: Error) =>
      ({
        method: 'GET',
        path,
        handle: () => {
          throw error
        },
      }) as const
    const url = await door({
      routes: [
        throws('/gone', new FmworkError('SWEEP_NOT_FOUND', 'there is no sweep "x"')),
        throws('/bug', new Error('the secret of the house')),
      ],
    })
    const gone = await ask(`${url}gone`)
    expect(gone.status).toBe(404)
    expect(codeIn(gone.body)).toBe('SWEEP_NOT_FOUND')
    const bug = await ask(`${url}bug`)
    expect(bug.status).toBe(500)
    expect(bug.body).not.toContain('secret')
  })

  it('no unknown path and no wrong method', async () => {
    const url = await door()
    expect((await ask(`${url}api/v1/nothing`)).status).toBe(404)
    expect((await ask(`${url}api/v1/echo`)).status).toBe(405)
    expect((await ask(`${url}api/v1/echo/%ff`)).status).toBe(404)
  })
})

describe('whom it refuses', () => {
  it('a name that was rebound to its address, but no tunnel and no address', async () => {
    const url = await door()
    const to = (host: string) => ask(`${url}api/v1/echo/a`, { host })
    expect((await to('evil.example:80')).status).toBe(401)
    expect((await to('localhost:9999')).status).toBe(200)
    expect((await to('[::1]:1')).status).toBe(200)
    expect((await to('127.0.0.1')).status).toBe(200)
    expect((await to('a:b:c')).status).toBe(401)
  })

  it('a change that another site makes a browser send', async () => {
    const url = await door()
    const { host } = new URL(url)
    const send = (headers: Readonly<Record<string, string>>) =>
      ask(`${url}api/v1/echo`, { ...asJson, ...headers }, '{"a":1}')
    expect((await send({})).body).toBe('{"body":{"a":1}}')
    expect((await send({ origin: `http://${host}` })).status).toBe(200)
    expect((await send({ origin: 'http://evil.example' })).status).toBe(401)
    expect((await send({ origin: 'null' })).status).toBe(401)
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(401)
    expect((await send({ 'content-type': 'text/plain' })).status).toBe(400)
  })

  it('what is no JSON, or more of it than a sweep file can be', async () => {
    const url = await door()
    expect((await ask(`${url}api/v1/echo`, asJson, '{')).status).toBe(400)
    const long = JSON.stringify('x'.repeat(1024 * 1024))
    const { status } = await ask(`${url}api/v1/echo`, asJson, long)
    expect(status).toBe(429)
  })

  it('whoever brings no token, where there is one; the page itself is no secret', async () => {
    const url = await door({ guarded: true })
    expect((await ask(url)).status).toBe(200)
    expect(JSON.parse((await ask(`${url}api/v1/session`)).body)).toMatchObject({
      guarded: true,
      signedIn: false,
      mayChange: false,
    })
    expect((await ask(`${url}api/v1/echo/a`)).status).toBe(401)
    const bearing = (given: string) =>
      ask(`${url}api/v1/echo/a`, { authorization: `Bearer ${given}` })
    expect((await bearing(token)).status).toBe(200)
    expect((await bearing(`${token}x`)).status).toBe(401)
    const wrong = await ask(`${url}api/v1/session`, asJson, JSON.stringify({ token: 'guess' }))
    expect(wrong.status).toBe(401)
  })

  it('a session that is over, or that nobody began', async () => {
    const url = await door({ guarded: true })
    const begun = await ask(`${url}api/v1/session`, asJson, JSON.stringify({ token }))
    const [cookie = ''] = begun.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
    const [pair = ''] = cookie.split(';')
    const within = (value: string) => ask(`${url}api/v1/echo/a`, { cookie: value })
    expect((await within(pair)).status).toBe(200)
    expect((await within(`other=1; ${pair}`)).status).toBe(200)
    expect((await within(`${pair}x`)).status).toBe(401)
    await clock.advance(12 * 3600 + 1)
    expect((await within(pair)).status).toBe(401)
  })
})

describe('where it listens', () => {
  it('beyond loopback only with TLS and a gate, or when told that it is insecure', async () => {
    const refused = expect.objectContaining({ code: 'INSECURE_BIND' }) as Error
    await expect(door({ listen: '0.0.0.0:0' })).rejects.toEqual(refused)
    await expect(door({ listen: '0.0.0.0:0', gate: createGate({ token }, clock) })).rejects.toEqual(
      refused,
    )
    const url = await door({ listen: '0.0.0.0:0', insecure: true })
    expect((await ask(url)).status).toBe(200)
  })

  it('says which option is wrong, and when the port is taken', async () => {
    const url = await door()
    await expect(door({ listen: new URL(url).host })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    })
    await expect(door({ listen: 'nonsense' })).rejects.toMatchObject({
      problems: [{ field: '--http' }],
    })
  })
})
