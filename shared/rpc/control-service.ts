import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js'
import { FmworkError } from '../domain/errors.js'
import type { SweepDesk } from '../domain/sweep-desk.js'
import type { Log } from '../process/log.js'
import { agentToWire, statusToWire, summaryToWire } from './codec/meta-metrics.js'
import { exportPartToWire, watchEventToWire } from './codec/sweep-record.js'
import { extensionFromWire } from './codec/extension.js'
import { pastRowFromWire } from './codec/past.js'
import { failureStatus, shuttingDown } from './failure.js'
import type { ControlServiceHandlers } from './gen/fmwork/v1/ControlService.js'
import type { Limits } from './limits.js'
import { lifetime, send } from './stream.js'

/** Rows that a submission may bring; no sweep starts from so many. */
const mostGivenRows = 2000

/** People’s door: a {@link SweepDesk} behind `ControlService`. */
export class SweepDoor {
  readonly #desk: SweepDesk
  readonly #limits: Limits
  readonly #log: Log
  readonly #closing = new AbortController()
  readonly #streams = new Set<Promise<void>>()

  constructor(desk: SweepDesk, limits: Limits, log: Log) {
    this.#desk = desk
    this.#limits = limits
    this.#log = log
  }

  handlers(): ControlServiceHandlers {
    const desk = this.#desk
    return {
      SubmitSweep: this.#unary('SubmitSweep', ({ text, past }) =>
        desk.submit(this.#bounded(text), this.#boundedPast(past).map(pastRowFromWire)),
      ),
      ListSweeps: this.#unary('ListSweeps', async () => ({
        sweeps: (await desk.list()).map(summaryToWire),
      })),
      GetSweep: this.#unary('GetSweep', async ({ sweep }) => {
        const { text, status } = await desk.get(sweep)
        return { sweep: summaryToWire(status.sweep), text, status: statusToWire(status) }
      }),
      PauseSweep: this.#unary('PauseSweep', async ({ sweep }) => ({
        sweep: summaryToWire(await desk.pause(sweep)),
      })),
      ResumeSweep: this.#unary('ResumeSweep', async ({ sweep, ...extension }) => ({
        sweep: summaryToWire(await desk.resume(sweep, extensionFromWire(extension))),
      })),
      CancelSweep: this.#unary('CancelSweep', async ({ sweep }) => ({
        sweep: summaryToWire(await desk.cancel(sweep)),
      })),
      VerifySweep: this.#unary('VerifySweep', async ({ sweep, sample, seed }) => ({
        trials: await desk.verify(sweep, sample, seed),
      })),
      ListAgents: this.#unary('ListAgents', async () => ({
        agents: (await desk.agents()).map(agentToWire),
      })),
      WatchSweep: this.#stream('WatchSweep', ({ sweep, trials }, signal) =>
        mapped(desk.watch(sweep, trials, signal), watchEventToWire),
      ),
      ExportSweep: this.#stream('ExportSweep', ({ sweep }, signal) =>
        mapped(desk.export(sweep, signal), exportPartToWire),
      ),
    }
  }

  /** Ends every stream with an error, so that nobody takes it for the end of a sweep. */
  async end(): Promise<void> {
    this.#closing.abort(shuttingDown())
    await Promise.all(this.#streams)
  }

  #bounded(text: string): string {
    const { sweepTextBytes } = this.#limits
    if (Buffer.byteLength(text) <= sweepTextBytes) return text
    throw new FmworkError('LIMIT_EXCEEDED', `the sweep file is longer than ${sweepTextBytes} bytes`)
  }

  #boundedPast<T>(rows: readonly T[]): readonly T[] {
    if (rows.length <= mostGivenRows) return rows
    throw new FmworkError(
      'LIMIT_EXCEEDED',
      `${rows.length} measurements of others are more than ${mostGivenRows}`,
    )
  }

  #unary<Request, Response>(method: string, handle: (request: Request) => Promise<Response>) {
    return (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>): void => {
      Promise.resolve(call.request)
        .then(handle)
        .then(
          (response) => done(null, response),
          (thrown: unknown) => done(failureStatus(thrown, this.#log, method)),
        )
    }
  }

  #stream<Request, Response>(
    method: string,
    open: (request: Request, signal: AbortSignal) => AsyncIterable<Response>,
  ) {
    return (call: ServerWritableStream<Request, Response>): void => {
      const alive = lifetime(call)
      const { watches } = this.#limits
      if (this.#streams.size >= watches) {
        const full = new FmworkError('LIMIT_EXCEEDED', `${watches} streams are open`)
        call.emit('error', failureStatus(full, this.#log, method))
        return
      }
      const signal = AbortSignal.any([alive, this.#closing.signal])
      const streaming = this.#pour(call, open(call.request, signal), alive, signal, method)
      this.#streams.add(streaming)
      void streaming.then(() => this.#streams.delete(streaming))
    }
  }

  async #pour<Request, Response>(
    call: ServerWritableStream<Request, Response>,
    messages: AsyncIterable<Response>,
    alive: AbortSignal,
    signal: AbortSignal,
    method: string,
  ): Promise<void> {
    try {
      for await (const message of messages) {
        await send(call, message, signal)
      }
      this.#closing.signal.throwIfAborted()
      call.end()
    } catch (thrown) {
      // A caller that left is no failure; there is nobody to tell either.
      if (alive.aborted) return
      call.emit('error', failureStatus(thrown, this.#log, method))
    }
  }
}

async function* mapped<From, To>(
  source: AsyncIterable<From>,
  map: (from: From) => To,
): AsyncIterable<To> {
  for await (const each of source) yield map(each)
}
