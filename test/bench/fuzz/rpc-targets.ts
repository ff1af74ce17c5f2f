import { Client, credentials } from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/grpc-js'
import fc from 'fast-check'
import { asFmworkError } from '../../../shared/domain/errors.js'
import { systemClock } from '../../../shared/process/clock.js'
import { errorOfCall } from '../../../shared/rpc/errors.js'
import { encodeBatch } from '../../../shared/rpc/codec/report.js'
import { helloToWire } from '../../../shared/rpc/codec/agent-facts.js'
import { AgentService, ControlService, protocolVersion } from '../../../shared/rpc/schema.js'
import { introduction } from '../../integration/support/examples.js'
import * as values from '../../laws/codec-agent-values.js'
import type { Target } from './campaign.js'

const session = AgentService.service.Session
/** What is needed of a method to call it with bytes. */
type Method = Pick<MethodDefinition<never, unknown>, 'path' | 'requestStream' | 'responseStream'>

const messageOf = (method: { requestSerialize(value: never): Buffer }, value: object): Buffer =>
  method.requestSerialize(value as never)

const hello = (agent: string): Buffer =>
  session.requestSerialize({ hello: helloToWire(introduction(agent), protocolVersion, 0) })

const sessionSeeds = [
  hello('fuzz'),
  session.requestSerialize({ heartbeat: { activity: 'AGENT_ACTIVITY_MEASURING', clockMs: 5 } }),
  session.requestSerialize({ workRequest: { capacity: 2, held: { leaseId: 'l', token: 7 } } }),
  session.requestSerialize({ renewal: { leases: [{ leaseId: 'l', token: 7 }] } }),
  session.requestSerialize({ release: { leaseId: 'l', token: 7 } }),
]

/** Messages of each method that a coordinator understands. */
function seedsOf(name: string, sweepTexts: readonly string[], sweep: string): readonly Buffer[] {
  const { service } = ControlService
  switch (name) {
    case 'Session':
      return sessionSeeds
    case 'Report':
      return fc.sample(values.batch, { numRuns: 40, seed: 1 }).map(encodeBatch)
    case 'SubmitSweep':
      return sweepTexts.map((text) => messageOf(service.SubmitSweep, { text }))
    case 'VerifySweep':
      return [1, 0xffffffff].map((sample) =>
        messageOf(service.VerifySweep, { sweep, sample, seed: 3 }),
      )
    case 'ResumeSweep':
      return [
        messageOf(service.ResumeSweep, { sweep }),
        messageOf(service.ResumeSweep, { sweep, goalAccuracy: 0.9, budgetTrials: 5 }),
      ]
    case 'WatchSweep':
      return [false, true].map((trials) => messageOf(service.WatchSweep, { sweep, trials }))
    default:
      return [messageOf(service.GetSweep, { sweep })]
  }
}

const same = (bytes: Buffer): Buffer => bytes
/** Seconds within which every call must have an answer, whatever it says. */
const answerSeconds = 20
/** Seconds for the first part of a stream: a sweep that has no news is silent, and rightly so. */
const newsSeconds = 0.5

/** Every method of both services; each send resolves with a word for how the call ended. */
export function rpcTargets(
  address: string,
  sweepTexts: readonly string[],
  sweep: string,
): { readonly targets: readonly Target[]; readonly close: () => void } {
  // Connections of their own: what one may do in a second is limited.
  const clients = Array.from(
    { length: 4 },
    () =>
      new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 }),
  )
  const [firstClient] = clients as [Client]
  let turn = 0
  const word = (error: unknown): string => {
    const { code, message } = errorOfCall(error, 'coordinator')
    if (message.includes('internal failure')) throw new Error(message)
    return code
  }
  const methods = [AgentService, ControlService].flatMap(({ service }) =>
    Object.entries(service as unknown as Record<string, Method>),
  )
  const targets = methods.map(([name, method]): Target => {
    const send = (bytes: Buffer): Promise<string> => {
      turn += 1
      const client = clients[turn % clients.length] ?? firstClient
      return new Promise<string>((resolve, reject) => {
        // Not a deadline of gRPC: that is a date, and a clock that jumps would answer for the coordinator.
        const patience =
          method.responseStream && !method.requestStream ? newsSeconds : answerSeconds
        let silent = false
        let cancel = (): void => undefined
        const heard = systemClock.after(patience, () => {
          silent = true
          cancel()
        })
        const answered = (outcome: string) => {
          heard()
          resolve(outcome)
        }
        const failed = (error: unknown) => {
          heard()
          if (silent) {
            if (patience === newsSeconds) resolve('silent')
            else reject(new Error('no answer'))
            return
          }
          try {
            resolve(word(error))
          } catch (bug) {
            reject(asFmworkError(bug))
          }
        }
        if (!method.requestStream && !method.responseStream) {
          const call = client.makeUnaryRequest(method.path, same, same, bytes, (error) => {
            if (error === null) answered('ok')
            else failed(error)
          })
          cancel = () => call.cancel()
          return
        }
        const call = client.makeBidiStreamRequest(method.path, same, same)
        cancel = () => call.cancel()
        call.on('error', failed)
        call.on('end', () => answered('ok'))
        if (method.requestStream) {
          // Half of them in place of the hello, half after it.
          if (turn % 2 === 0) call.write(hello(`fuzz-${turn % 64}`))
          call.on('data', () => undefined)
        } else {
          // One part of a stream is enough to know that it was understood.
          call.once('data', () => {
            answered('ok')
            call.cancel()
          })
        }
        call.write(bytes)
        call.end()
      })
    }
    return { name: method.path, seeds: seedsOf(name, sweepTexts, sweep), send }
  })
  return {
    targets,
    close: () => {
      for (const client of clients) client.close()
    },
  }
}
