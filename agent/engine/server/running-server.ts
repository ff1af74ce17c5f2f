import type { EngineFacts } from '../../../shared/domain/environment.js'
import type { FmworkError } from '../../../shared/domain/errors.js'
import type { Endpoint, RunningEngine } from '../engine.js'
import type { ProbedServer } from '../openai/endpoint-probe.js'
import { requestOneToken } from '../process/http-probe.js'
import { HealthWatch } from './health-watch.js'
import { ServerClient } from './server-client.js'
import type { ServerEngineOptions } from './server-engine.js'
import type { ServerKind } from './server-kind.js'
import type { ServerProcess } from './server-process.js'

interface Parts {
  readonly kind: ServerKind
  readonly process: ServerProcess
  readonly server: ProbedServer
  readonly model: string
  readonly facts: EngineFacts
  readonly client: ServerClient
  readonly options: ServerEngineOptions
  /** Resolves when the devices are free. @throws FmworkError ENGINE_FAILED */
  readonly devicesFree: () => Promise<void>
}

/** A server that is up, watched until it is gone. */
export class RunningServer implements RunningEngine {
  readonly facts: EngineFacts
  readonly endpoint: Endpoint
  readonly processIds: readonly number[]
  readonly exited: Promise<string>
  readonly #parts: Parts
  readonly #watch: HealthWatch
  #resets = true
  #stopping: Promise<void> | undefined

  constructor(parts: Parts) {
    const { kind, process, server, model, options } = parts
    this.#parts = parts
    this.facts = parts.facts
    this.endpoint = {
      baseUrl: parts.client.baseUrl,
      model,
      api: 'completions',
      apis: kind.apis,
      acceptsTokenIds: server.acceptsTokenIds,
      promptTokenRange: server.promptTokenRange,
    }
    this.processIds = [process.pid]
    // Questions of the watch end with the process, not with the start.
    const client = new ServerClient(parts.client.baseUrl, new AbortController().signal)
    const { hang_seconds: seconds } = options.permit
    this.#watch = new HealthWatch(client, seconds, options.clock, (reason) => {
      void process.condemn(reason)
    })
    this.exited = process.exited.then((reason) => {
      this.#watch.stop()
      return reason
    })
  }

  diagnosis(): FmworkError | undefined {
    return this.#parts.process.diagnosis
  }

  async generates(signal: AbortSignal): Promise<boolean> {
    const { client, model, options } = this.#parts
    try {
      const answer = await requestOneToken(client.baseUrl, model, 'Hello', {
        timeoutSeconds: options.permit.hang_seconds,
        signal,
      })
      return answer.status === 200
    } catch {
      // No answer is the answer.
      return false
    }
  }

  async resetCache(): Promise<void> {
    if (!this.#resets) return
    const { kind, client, options } = this.#parts
    try {
      this.#resets = await kind.resetCache(client)
      if (!this.#resets) options.log?.info({ engine: kind.kind }, 'no request empties its cache')
    } catch (error) {
      // An engine that is gone or hangs is found out by the requests that follow.
      options.log?.warn({ engine: kind.kind, error }, 'its cache could not be emptied')
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#watch.stop()
    await this.#parts.process.stop()
    const { kind, options, devicesFree } = this.#parts
    await devicesFree().catch((error: unknown) => {
      options.log?.warn({ engine: kind.kind, error }, 'a device is not free')
    })
  }
}
