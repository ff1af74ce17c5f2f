import { credentials, loadPackageDefinition, status } from '@grpc/grpc-js'
import type { Client, ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js'
import type { requestCallback, ServiceClientConstructor } from '@grpc/grpc-js'
import { loadFileDescriptorSetFromBuffer, loadSync } from '@grpc/proto-loader'
import type { PackageDefinition } from '@grpc/proto-loader'
import { protoPath as healthProto } from 'grpc-health-check'
import { on, once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { accessTable } from '../../shared/rpc/access/access-table.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving } from '../../shared/rpc/server.js'
import { FakeAgentDesk, FakeSweepDesk } from './support/fake-desks.js'

/** Health checking and reflection as their protocols say, by clients of the standard protos alone. */

const log = createLog({ name: 'test', level: 'silent' })
let clock: FakeClock
let serving: Serving
let clients: Client[]

beforeEach(async () => {
  clients = []
  clock = new FakeClock()
  const desks = { agents: new FakeAgentDesk(), sweeps: new FakeSweepDesk() }
  serving = await serve({ listen: '127.0.0.1:0', desks, log, clock })
})
afterEach(async () => {
  for (const client of clients) client.close()
  const closed = serving.close(0)
  await clock.advance(0)
  await closed
})

const options = { enums: String, longs: Number, oneofs: true, defaults: true } as const

/** A client of a service that a package definition has. */
function clientOf(definition: PackageDefinition, service: string): unknown {
  const found = service
    .split('.')
    .reduce<unknown>(
      (at, name) => (at as Record<string, unknown>)[name],
      loadPackageDefinition(definition),
    ) as ServiceClientConstructor
  const client = new found(serving.address, credentials.createInsecure())
  clients.push(client)
  return client
}

const answerOf = <Answer>(call: (done: requestCallback<Answer>) => void): Promise<Answer> =>
  new Promise((resolve, reject) => {
    call((error, answer) => {
      if (answer === undefined) reject(error ?? new Error('no answer'))
      else resolve(answer)
    })
  })

const servedServices = [
  ...new Set(Object.keys(accessTable).map((path) => path.split('/')[1] ?? '')),
]

interface Health {
  check(request: { service: string }, done: requestCallback<{ status: string }>): void
  list(request: object, done: requestCallback<{ statuses: object }>): void
  watch(request: { service: string }): ClientReadableStream<{ status: string }>
}

describe('health checking', () => {
  const health = () => clientOf(loadSync(healthProto, options), 'grpc.health.v1.Health') as Health
  const check = (service: string) =>
    answerOf<{ status: string }>((done) => health().check({ service }, done))

  it('knows the whole server and each of its services; another is NOT_FOUND', async () => {
    for (const service of ['', 'fmwork.v1.AgentService', 'fmwork.v1.ControlService']) {
      expect(await check(service)).toEqual({ status: 'SERVING' })
    }
    await expect(check('fmwork.v1.Nothing')).rejects.toMatchObject({ code: status.NOT_FOUND })
    const { statuses } = await answerOf<{ statuses: object }>((done) => health().list({}, done))
    expect(Object.keys(statuses).sort()).toEqual([
      '',
      'fmwork.v1.AgentService',
      'fmwork.v1.ControlService',
    ])
  })

  it('tells who watches what it is at once, and when the server begins to close', async () => {
    const watch = health().watch({ service: '' })
    watch.on('error', () => undefined)
    const told = on(watch, 'data')
    expect((await told.next()).value).toEqual([{ status: 'SERVING' }])
    const closed = serving.close(5)
    expect((await told.next()).value).toEqual([{ status: 'NOT_SERVING' }])
    watch.cancel()
    await closed
  })

  it('does not end a watch of a service that is unknown', async () => {
    const watch = health().watch({ service: 'fmwork.v1.Nothing' })
    const ended = once(watch, 'error')
    const [told] = (await once(watch, 'data')) as [object]
    expect(told).toEqual({ status: 'SERVICE_UNKNOWN' })
    expect(await check('')).toEqual({ status: 'SERVING' })
    watch.cancel()
    await expect(ended).resolves.toMatchObject([{ code: status.CANCELLED }])
  })
})

interface Question {
  readonly listServices?: string
  readonly fileContainingSymbol?: string
  readonly fileByFilename?: string
}
interface Reflected {
  readonly originalRequest: Question
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] }
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] }
  readonly errorResponse?: { readonly errorCode: number }
}
interface Reflection {
  serverReflectionInfo(): ClientDuplexStream<Question, Reflected>
}

const reflectionFolder = join(
  dirname(createRequire(import.meta.url).resolve('@grpc/reflection')),
  '../proto',
)

/** The bytes of a FileDescriptorSet: files under its only number, each with its length before it. */
function setOf(files: readonly Buffer[]): Buffer {
  const length = (bytes: number): number[] =>
    bytes < 128 ? [bytes] : [(bytes & 127) | 128, ...length(bytes >> 7)]
  return Buffer.concat(files.flatMap((file) => [Buffer.from([0x0a, ...length(file.length)]), file]))
}

describe.each(['v1', 'v1alpha'])('reflection %s', (version) => {
  /** The answers to these questions in one stream, which ends well. */
  async function reflected(...questions: Question[]): Promise<Reflected[]> {
    const definition = loadSync(`grpc/reflection/${version}/reflection.proto`, {
      ...options,
      includeDirs: [reflectionFolder],
    })
    const service = `grpc.reflection.${version}.ServerReflection`
    const call = (clientOf(definition, service) as Reflection).serverReflectionInfo()
    for (const question of questions) call.write(question)
    call.end()
    const answers: Reflected[] = []
    for await (const answer of call) answers.push(answer as Reflected)
    return answers
  }

  it('lists every service that is served, and no other', async () => {
    const [answer] = await reflected({ listServices: '*' })
    const names = answer?.listServicesResponse?.service.map(({ name }) => name)
    expect(names?.sort()).toEqual(servedServices.sort())
  })

  it.each(servedServices)('describes %s so that it can be called', async (service) => {
    const [answer] = await reflected({ fileContainingSymbol: service })
    const files = answer?.fileDescriptorResponse?.fileDescriptorProto ?? []
    const definition = loadFileDescriptorSetFromBuffer(setOf(files), options)
    const described = Object.keys(definition[service] as object)
    const paths = Object.keys(accessTable).filter((path) => path.startsWith(`/${service}/`))
    expect(described.map((method) => `/${service}/${method}`).sort()).toEqual(paths.sort())
  })

  it('teaches a client that knows nothing to call', async () => {
    const [answer] = await reflected({
      fileContainingSymbol: 'fmwork.v1.ControlService.ListSweeps',
    })
    const files = answer?.fileDescriptorResponse?.fileDescriptorProto ?? []
    // Fields have the names of the proto files, as people write them to grpcurl.
    const definition = loadFileDescriptorSetFromBuffer(setOf(files), { ...options, keepCase: true })
    interface Control {
      listSweeps(request: object, done: requestCallback<object>): void
    }
    const control = clientOf(definition, 'fmwork.v1.ControlService') as Control
    const listed = await answerOf<object>((done) => control.listSweeps({}, done))
    expect(listed).toMatchObject({
      sweeps: [{ sweep_id: 'sweep-1', name: 'first', state: 'RUNNING' }],
    })
  })

  it('says NOT_FOUND of what it does not know, and answers on', async () => {
    const answers = await reflected(
      { fileContainingSymbol: 'fmwork.v1.Nothing' },
      { fileByFilename: 'nothing.proto' },
      { listServices: '' },
    )
    expect(answers.map(({ errorResponse }) => errorResponse?.errorCode)).toEqual([
      status.NOT_FOUND,
      status.NOT_FOUND,
      undefined,
    ])
    expect(answers[0]?.originalRequest).toMatchObject({ fileContainingSymbol: 'fmwork.v1.Nothing' })
    expect(answers[2]?.listServicesResponse?.service).toHaveLength(servedServices.length)
  })
})
