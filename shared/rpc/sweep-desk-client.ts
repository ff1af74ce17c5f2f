import type { ClientReadableStream } from '@grpc/grpc-js'
import type { SweepDesk } from '../domain/sweep-desk.js'
import { call, channelCredentials, channelOptions } from './channel.js'
import type { ChannelAccess } from './channel.js'
import { extensionToWire } from './codec/extension.js'
import { agentFromWire, statusFromWire, summaryFromWire } from './codec/meta-metrics.js'
import { pastRowToWire } from './codec/past.js'
import { exportPartFromWire, watchEventFromWire } from './codec/sweep-record.js'
import { errorOfCall } from './errors.js'
import type { CancelSweepResponse } from './gen/fmwork/v1/CancelSweepResponse.js'
import type { GetSweepResponse } from './gen/fmwork/v1/GetSweepResponse.js'
import type { ListAgentsResponse } from './gen/fmwork/v1/ListAgentsResponse.js'
import type { ListSweepsResponse } from './gen/fmwork/v1/ListSweepsResponse.js'
import type { PauseSweepResponse } from './gen/fmwork/v1/PauseSweepResponse.js'
import type { ResumeSweepResponse } from './gen/fmwork/v1/ResumeSweepResponse.js'
import type { SubmitSweepResponse } from './gen/fmwork/v1/SubmitSweepResponse.js'
import type { VerifySweepResponse } from './gen/fmwork/v1/VerifySweepResponse.js'
import { ControlService } from './schema.js'
import { lifetime } from './stream.js'
import { tlsSource } from './tls.js'

/** A desk at the other end of a wire; throws what the coordinator’s own desk throws. */
export interface RemoteSweepDesk extends SweepDesk {
  close(): void
}

/** Opens nothing yet: the first call does, and throws COORDINATOR_UNREACHABLE when it cannot. */
export function connectSweepDesk(address: string, access: ChannelAccess = {}): RemoteSweepDesk {
  const tls = access.tls === undefined ? undefined : tlsSource(access.tls).current()
  const client = new ControlService(address, channelCredentials(tls), channelOptions(access))
  return {
    async submit(text, past = []) {
      const { sweepId, created } = await call<SubmitSweepResponse>(
        'SubmitSweep',
        address,
        (options, done) =>
          client.submitSweep({ text, past: past.map(pastRowToWire) }, options, done),
      )
      return { sweepId, created }
    },
    async list() {
      const { sweeps } = await call<ListSweepsResponse>('ListSweeps', address, (options, done) =>
        client.listSweeps({}, options, done),
      )
      return sweeps.map(summaryFromWire)
    },
    async get(sweep) {
      const { text, status } = await call<GetSweepResponse>('GetSweep', address, (options, done) =>
        client.getSweep({ sweep }, options, done),
      )
      return { text, status: statusFromWire(status) }
    },
    async pause(sweep) {
      const answer = await call<PauseSweepResponse>('PauseSweep', address, (options, done) =>
        client.pauseSweep({ sweep }, options, done),
      )
      return summaryFromWire(answer.sweep)
    },
    async resume(sweep, extension = {}) {
      const request = { sweep, ...extensionToWire(extension) }
      const answer = await call<ResumeSweepResponse>('ResumeSweep', address, (options, done) =>
        client.resumeSweep(request, options, done),
      )
      return summaryFromWire(answer.sweep)
    },
    async cancel(sweep) {
      const answer = await call<CancelSweepResponse>('CancelSweep', address, (options, done) =>
        client.cancelSweep({ sweep }, options, done),
      )
      return summaryFromWire(answer.sweep)
    },
    async verify(sweep, sample, seed) {
      const request = { sweep, seed, ...(sample === undefined ? {} : { sample }) }
      const { trials } = await call<VerifySweepResponse>('VerifySweep', address, (options, done) =>
        client.verifySweep(request, options, done),
      )
      return trials
    },
    async agents() {
      const { agents } = await call<ListAgentsResponse>('ListAgents', address, (options, done) =>
        client.listAgents({}, options, done),
      )
      return agents.map(agentFromWire)
    },
    watch: (sweep, trials, signal) =>
      stream(() => client.watchSweep({ sweep, trials }), watchEventFromWire, address, signal),
    export: (sweep, signal) =>
      stream(() => client.exportSweep({ sweep }), exportPartFromWire, address, signal),
    close: () => client.close(),
  }
}

/** Ends when the server’s stream does or the signal aborts; throws when the call fails. */
async function* stream<Wire, Domain>(
  open: () => ClientReadableStream<Wire>,
  fromWire: (wire: Wire) => Domain,
  peer: string,
  signal: AbortSignal,
): AsyncIterable<Domain> {
  const left = () => signal.aborted
  if (left()) return
  const reading = open()
  lifetime(reading)
  const cancel = () => reading.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    for await (const message of reading as AsyncIterable<Wire>) yield fromWire(message)
  } catch (error) {
    if (!left()) throw errorOfCall(error, peer)
  } finally {
    signal.removeEventListener('abort', cancel)
    reading.cancel()
  }
}
