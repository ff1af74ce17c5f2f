import { credentials, Server, ServerCredentials } from '@grpc/grpc-js'
import type { ServerDuplexStream } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgentMessage } from '../../shared/rpc/gen/fmwork/v1/AgentMessage.js'
import type { AgentServiceClient } from '../../shared/rpc/gen/fmwork/v1/AgentService.js'
import type { CoordinatorMessageInput } from '../../shared/rpc/gen/fmwork/v1/CoordinatorMessage.js'
import { AgentService } from '../../shared/rpc/schema.js'
import { CallWriter, lifetime, receive, send } from '../../shared/rpc/stream.js'

/** The five traps of streams in grpc-js, each sprung on a bare server and client. */

type Call = ServerDuplexStream<AgentMessage, CoordinatorMessageInput>
const large = { revoke: { leaseId: 'x'.repeat(256 * 1024), reason: '' } }
const largeUp = { release: { leaseId: 'x'.repeat(256 * 1024), token: 1 } }

let server: Server
let client: AgentServiceClient
let serveCall: (call: Call) => void

beforeEach(async () => {
  server = new Server()
  server.addService(AgentService.service, {
    Session: (call: Call) => serveCall(call),
    Report: () => undefined,
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound)
      else reject(error)
    })
  })
  client = new AgentService(`127.0.0.1:${port}`, credentials.createInsecure())
})
afterEach(() => {
  client.close()
  server.forceShutdown()
})

describe('a stream', () => {
  it('1: still sends its status after the server stopped reading', async () => {
    serveCall = (call) => {
      const alive = lifetime(call)
      void (async () => {
        for await (const message of receive<AgentMessage>(call, alive)) {
          expect(message.body).toBe('renewal')
          break
        }
        call.end()
      })()
    }
    const call = client.session()
    lifetime(call)
    call.write({ renewal: {} })
    const status = await new Promise<{ code: number }>((resolve) => {
      call.on('status', resolve)
      call.resume()
    })
    expect(status.code).toBe(0)
  })

  it('1: sends an error as well while it is being read', async () => {
    serveCall = (call) => {
      const alive = lifetime(call)
      void (async () => {
        for await (const message of receive<AgentMessage>(call, alive)) {
          call.emit('error', { code: 9, details: `no more ${message.body ?? ''}` })
        }
      })().catch(() => undefined)
    }
    const call = client.session()
    lifetime(call)
    call.write({ renewal: {} })
    const status = await new Promise<{ code: number; details: string }>((resolve) => {
      call.on('status', resolve)
      call.resume()
    })
    expect(status).toMatchObject({ code: 9, details: 'no more renewal' })
  })

  it('2: tells a client that left from one that finished', async () => {
    const ends: string[] = []
    let next: () => void = () => undefined
    serveCall = (call) => {
      const alive = lifetime(call)
      void (async () => {
        try {
          for await (const message of receive<AgentMessage>(call, alive)) {
            if (message.body === 'renewal') next()
          }
          ends.push('finished')
          call.end()
        } catch (error) {
          ends.push((error as Error).message)
        }
        next()
      })()
    }
    const happened = () =>
      new Promise<void>((resolve) => {
        next = resolve
      })
    const polite = client.session()
    lifetime(polite)
    polite.resume()
    polite.write({ renewal: {} })
    await happened()
    polite.end()
    await happened()
    const rude = client.session()
    lifetime(rude)
    rude.resume()
    rude.write({ renewal: {} })
    await happened()
    rude.cancel()
    await happened()
    expect(ends).toEqual(['finished', 'call cancelled'])
  })

  it('3: a server blocked in a write hears that the client left', async () => {
    const failed = new Promise<Error>((resolve) => {
      serveCall = (call) => {
        const alive = lifetime(call)
        void (async () => {
          for (;;) await send(call, large, alive)
        })().catch(resolve)
      }
    })
    const call = client.session()
    lifetime(call)
    await new Promise((resolve) => call.once('data', resolve))
    call.pause()
    call.cancel()
    expect((await failed).message).toMatch(/^call (cancelled|close)|aborted/)
  })

  it('3: a client blocked in a write hears that the server ended', async () => {
    serveCall = (call) => {
      lifetime(call)
      call.end()
    }
    const call = client.session()
    const alive = lifetime(call)
    call.resume()
    const writing = (async () => {
      for (;;) await send(call, largeUp, alive)
    })()
    await expect(writing).rejects.toThrow()
  })

  it('4: refuses to write to a call that failed, which itself would say true', async () => {
    serveCall = (call) => {
      lifetime(call)
      call.emit('error', { code: 9, details: 'no' })
    }
    const call = client.session()
    const alive = lifetime(call)
    call.resume()
    await new Promise((resolve) => call.once('status', resolve))
    expect(call.write({ renewal: {} })).toBe(true)
    await expect(new CallWriter(call, alive).send({ renewal: {} })).rejects.toThrow()
  })

  it('5: counts what waits for a peer that does not read, and stops', async () => {
    serveCall = (call) => {
      lifetime(call)
    }
    const call = client.session()
    const writer = new CallWriter(call, lifetime(call))
    const sent = Array.from({ length: 1200 }, () => writer.send(largeUp))
    const settled = Promise.allSettled(sent)
    await expect(sent.at(-1)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    call.cancel()
    await settled
  })

  it('5: keeps the order of messages that wait', async () => {
    const seen: number[] = []
    const finished = new Promise<void>((resolve) => {
      serveCall = (call) => {
        const alive = lifetime(call)
        void (async () => {
          for await (const message of receive<AgentMessage>(call, alive)) {
            seen.push(message.release?.token ?? -1)
          }
          call.end()
          resolve()
        })()
      }
    })
    const call = client.session()
    const writer = new CallWriter(call, lifetime(call))
    call.resume()
    const numbers = Array.from({ length: 200 }, (_, n) => n)
    await Promise.all(numbers.map((token) => writer.send({ release: { leaseId: 'a', token } })))
    call.end()
    await finished
    expect(seen).toEqual(numbers)
  })
})
