import { Client, credentials, makeClientConstructor, Metadata } from '@grpc/grpc-js'
import { service as health } from 'grpc-health-check'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { roles } from '../../shared/domain/access.js'
import type { Role, StoredToken } from '../../shared/domain/access.js'
import { asFmworkError } from '../../shared/domain/errors.js'
import { systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { writeTokenList } from '../../shared/rpc/access/access-files.js'
import { accessTable } from '../../shared/rpc/access/access-table.js'
import { bringToken } from '../../shared/rpc/access/token-metadata.js'
import { mintToken } from '../../shared/rpc/access/token.js'
import { connectAgentLink } from '../../shared/rpc/agent-link.js'
import { errorOfCall } from '../../shared/rpc/errors.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving } from '../../shared/rpc/server.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { introduction } from './support/examples.js'
import { removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'
import { FakeAgentDesk, FakeSweepDesk } from './support/fake-desks.js'

const log = createLog({ name: 'test', level: 'silent' })
const quietLine = { revoke: () => undefined, drain: () => undefined, wake: () => undefined }

let agents: FakeAgentDesk
let sweeps: FakeSweepDesk
let serving: Serving
let list: string
let tokens: Record<Role | 'bound', string>
let stored: StoredToken[]
let cleanUps: (() => unknown)[]

beforeEach(async () => {
  agents = new FakeAgentDesk()
  sweeps = new FakeSweepDesk()
  list = join(temporaryFolder(), 'tokens.json')
  const minted = [
    ...roles.map((role) => mintToken({ name: role, role, createdAt: 0 })),
    mintToken({ name: 'gpu1', role: 'agent', agent: 'agent-1', createdAt: 0 }),
  ]
  stored = minted.map((each) => each.stored)
  writeTokenList(list, stored)
  const [agent = '', operator = '', viewer = '', bound = ''] = minted.map(({ token }) => token)
  tokens = { agent, operator, viewer, bound }
  serving = await serve({
    listen: '127.0.0.1:0',
    desks: { agents, sweeps },
    log,
    tokenList: list,
  })
  cleanUps = []
})
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) cleanUp()
  await serving.close(0.2)
  removeTemporaryFolders()
})

const link = (token: string) => {
  const made = connectAgentLink(serving.address, { clock: systemClock, token })
  cleanUps.push(() => made.close())
  return made
}
const desk = (token: string) => {
  const made = connectSweepDesk(serving.address, { token })
  cleanUps.push(() => made.close())
  return made
}
const revoke = (name: string) => {
  writeTokenList(
    list,
    stored.map((each) => (each.name === name ? { ...each, revokedAt: 1 } : each)),
  )
}

/** Calls a method with an empty message; the code that it ends with, or `ok` once it answers. */
function attempt(path: string, token: string | undefined): Promise<string> {
  const client = new Client(serving.address, credentials.createInsecure(), {
    ...(token === undefined ? {} : { interceptors: [bringToken(() => token)] }),
  })
  cleanUps.push(() => client.close())
  return new Promise((resolve) => {
    const failed = (error: unknown) => resolve(asFmworkError(errorOfCall(error, 'peer')).code)
    const call = client.makeBidiStreamRequest(
      path,
      (message: Buffer) => message,
      (bytes) => bytes,
    )
    call.on('error', failed)
    call.on('data', () => resolve('ok'))
    call.on('end', () => resolve('ok'))
    call.end(Buffer.alloc(0))
  })
}

describe('every call', () => {
  const paths = Object.keys(accessTable).filter((path) => path.startsWith('/fmwork.'))

  it.each(paths)('%s is made by its roles only', async (path) => {
    const allowed: readonly string[] = accessTable[path as keyof typeof accessTable] as never
    for (const role of roles) {
      const refused = (await attempt(path, tokens[role])) === 'NOT_PERMITTED'
      expect({ role, refused }).toEqual({ role, refused: !allowed.includes(role) })
    }
    expect(await attempt(path, undefined)).toBe('AUTHENTICATION_FAILED')
    expect(await attempt(path, `${tokens.operator.slice(0, -1)}!`)).toBe('AUTHENTICATION_FAILED')
  })
})

describe('a viewer', () => {
  it('reads, and cannot submit', async () => {
    const viewer = desk(tokens.viewer)
    expect(await viewer.list()).toHaveLength(1)
    const thrown = await viewer.submit('name: x').catch((error: unknown) => error)
    expect(thrown).toMatchObject({
      code: 'NOT_PERMITTED',
      message: 'viewer is viewer; SubmitSweep takes operator',
    })
    expect(sweeps.submitted).toEqual([])
  })
})

describe('an agent', () => {
  it('cannot control, and speaks for itself only', async () => {
    await expect(desk(tokens.bound).cancel('first')).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
    })
    const own = link(tokens.bound)
    const session = await own.openSession(introduction('agent-1'), quietLine)
    expect(await own.report({ agent: 'agent-1', sequence: 1, items: [] })).toMatchObject({
      acknowledgedSequence: 1,
    })
    const refused = {
      code: 'NOT_PERMITTED',
      problems: [{ field: 'agent', value: '"agent-2"', expected: 'expected agent-1' }],
    }
    await expect(own.openSession(introduction('agent-2'), quietLine)).rejects.toMatchObject(refused)
    await expect(own.report({ agent: 'agent-2', sequence: 2, items: [] })).rejects.toMatchObject(
      refused,
    )
    expect(agents.connected.map(({ agent }) => agent)).toEqual(['agent-1'])
    expect(agents.arrived).toHaveLength(1)
    await session.close()
  })

  it('whose token is revoked loses the session it has open', async () => {
    const session = await link(tokens.bound).openSession(introduction('agent-1'), quietLine)
    revoke('gpu1')
    session.heartbeat({ activity: 'idle', eventLoopLagMs: 1 })
    expect(await session.over).toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      message: expect.stringMatching(/\(gpu1\) is revoked/) as string,
    })
    await agents.until(() => agents.disconnected.length === 1)
    expect(agents.pulses).toEqual([])
  })
})

describe('a watcher', () => {
  it('whose token is revoked hears no more', async () => {
    const reading = desk(tokens.viewer).watch('first', false, new AbortController().signal)
    sweeps.events = []
    sweeps.watchEnds = true
    const status = {
      kind: 'status' as const,
      status: (await desk(tokens.viewer).get('first')).status,
    }
    let first: () => void = () => undefined
    const heard = new Promise<void>((resolve) => {
      first = resolve
    })
    sweeps.watch = async function* () {
      yield status
      await heard
      revoke('viewer')
      yield status
    }
    const seen: string[] = []
    const read = (async () => {
      for await (const event of reading) {
        seen.push(event.kind)
        first()
      }
    })()
    await expect(read).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    expect(seen).toEqual(['status'])
  })
})

describe('health and reflection', () => {
  const Health = makeClientConstructor(health, 'Health')
  const healthClient = (address: string) => {
    const client = new Health(address, credentials.createInsecure())
    cleanUps.push(() => client.close())
    return client
  }
  const bytes = (message: Buffer) => message
  /** What the reflection service answers to "list your services", as bytes; or the failure. */
  const reflected = (address: string, token?: string) =>
    new Promise<string>((resolve, reject) => {
      const call = healthClient(address).makeBidiStreamRequest(
        '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
        bytes,
        bytes,
        bearer(token),
      )
      call.on('error', reject)
      call.on('data', (answer: Buffer) => resolve(answer.toString('latin1')))
      call.end(Buffer.from([0x3a, 0x00]))
    })
  const bearer = (token: string | undefined) => {
    const metadata = new Metadata()
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`)
    return metadata
  }

  it('health is told to anyone, its stream to known callers', async () => {
    const client = healthClient(serving.address)
    const check = (service: string) =>
      new Promise((resolve, reject) => {
        const done = (error: Error | null, answer?: object) => {
          if (error === null) resolve(answer)
          else reject(error)
        }
        ;(client as unknown as { check: (request: object, done_: typeof done) => void }).check(
          { service },
          done,
        )
      })
    expect(await check('')).toEqual({ status: 'SERVING' })
    expect(await check('fmwork.v1.AgentService')).toEqual({ status: 'SERVING' })
    const watch = client.makeServerStreamRequest(
      '/grpc.health.v1.Health/Watch',
      bytes,
      bytes,
      Buffer.alloc(0),
    )
    await expect(
      new Promise((_, reject) => {
        watch.on('error', reject)
        watch.resume()
      }),
    ).rejects.toMatchObject({ code: 16 })
  })

  it('reflection tells the schema to known callers on loopback', async () => {
    expect(await reflected(serving.address, tokens.viewer)).toContain('fmwork.v1.ControlService')
    await expect(reflected(serving.address)).rejects.toMatchObject({ code: 16 })
  })

  it.each([
    ['is off beyond loopback', '0.0.0.0:0', undefined, 12],
    ['is on beyond loopback when asked for', '0.0.0.0:0', true, undefined],
    ['is off on loopback when told so', '127.0.0.1:0', false, 12],
  ])('reflection %s', async (_, listen, reflection, code) => {
    const other = await serve({
      listen,
      desks: { agents, sweeps },
      log,
      insecure: true,
      ...(reflection === undefined ? {} : { reflection }),
    })
    const asked = reflected(other.address.replace('0.0.0.0', '127.0.0.1'))
    if (code === undefined) expect(await asked).toContain('fmwork.v1.AgentService')
    else await expect(asked).rejects.toMatchObject({ code })
    await other.close(0.2)
  })
})
