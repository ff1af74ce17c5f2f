import { setMaxListeners } from 'node:events'
import type { Clock } from '../../../shared/process/clock.js'
import type { Endpoint } from '../../engine/engine.js'
import { watchClient } from './client-health.js'
import type { ClientWatch } from './client-health.js'
import { runClosedLoop } from './closed-loop.js'
import { StreamingClient } from './http-client.js'
import type { LoadGenerator, LoadJob, LoadReport } from './load-job.js'
import { runListed } from './listed.js'
import { runOpenLoop } from './open-loop.js'
import { createRequestMaker } from './request-maker.js'
import { runStaticBatch } from './static-batch.js'

/** Generates load in the calling thread. Connections are kept for as long as the endpoint stays. */
export class InlineLoad implements LoadGenerator {
  readonly #clock: Clock
  #client: StreamingClient | undefined
  readonly #watches = new Set<ClientWatch>()
  #clientOf: string | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async run(job: LoadJob, signal: AbortSignal, enough?: AbortSignal): Promise<LoadReport> {
    signal.throwIfAborted()
    // One listener per request in flight: many are meant.
    setMaxListeners(0, signal)
    const client = this.#connect(job.endpoint)
    const maker = createRequestMaker(job, client)
    const watch = watchClient()
    this.#watches.add(watch)
    try {
      const report = await this.#generate(job, maker, signal, enough)
      return { ...report, health: watch.stop() }
    } finally {
      this.#watches.delete(watch)
    }
  }

  /** Another thread’s word, sent at `sentAt` seconds of the clock, has arrived now. */
  pulse(sentAt: number): void {
    const delay = this.#clock.monotonic() - sentAt
    for (const watch of this.#watches) watch.pulse(delay)
  }

  close(): Promise<void> {
    this.#client?.close()
    this.#client = undefined
    this.#clientOf = undefined
    return Promise.resolve()
  }

  #generate(
    job: LoadJob,
    maker: ReturnType<typeof createRequestMaker>,
    signal: AbortSignal,
    enough: AbortSignal | undefined,
  ): Promise<Omit<LoadReport, 'health'>> {
    const { pattern } = job
    switch (pattern.kind) {
      case 'static-batch':
        return runStaticBatch(pattern.batch, job, maker, this.#clock, signal)
      case 'closed-loop':
        return runClosedLoop(pattern, job, maker, this.#clock, signal, enough)
      case 'open-loop':
        return runOpenLoop(pattern, job, maker, this.#clock, signal, enough)
      case 'listed':
        return runListed(pattern, job, maker, this.#clock, signal)
    }
  }

  #connect(endpoint: Endpoint): StreamingClient {
    const { baseUrl, apiKey, api } = endpoint
    const key = JSON.stringify([baseUrl, apiKey, api])
    if (this.#client === undefined || this.#clientOf !== key) {
      this.#client?.close()
      this.#client = new StreamingClient({
        clock: this.#clock,
        baseUrl,
        path: api === 'chat' ? '/v1/chat/completions' : '/v1/completions',
        ...(apiKey === undefined ? {} : { apiKey }),
      })
      this.#clientOf = key
    }
    return this.#client
  }
}
