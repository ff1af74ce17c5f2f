import { asFmworkError, FmworkError } from '../../shared/domain/errors.js'
import type { EngineFacts } from '../../shared/domain/environment.js'
import type { TrialOrder } from '../../shared/domain/lease.js'
import { engineKindOf, longestRequest, requestsAtOnce } from '../../shared/domain/sweep.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { Engine, EngineDemand, RunningEngine } from '../engine/engine.js'

export interface EngineKeeperOptions {
  /** Engines that this agent’s own configuration allows, by kind. */
  readonly engines: ReadonlyMap<string, Engine>
  readonly clock: Clock
  /** Names the sweep and the lease that the engine serves. */
  readonly log: () => Log
  /** Resolves when the host may be disturbed by a start; the answer gives it free again. */
  readonly quiet: (signal: AbortSignal) => Promise<() => void>
  /** Brings a fresh engine to its working speed. Rejects only with the signal’s reason. */
  readonly runIn: (
    engine: RunningEngine,
    demand: EngineDemand,
    signal: AbortSignal,
  ) => Promise<void>
  /** An engine is up, after so many seconds of starting: those of attempts that failed before included. */
  readonly started: (facts: EngineFacts, startUpSeconds: number) => void
}

interface Up {
  readonly engine: RunningEngine
  readonly demand: EngineDemand
  exited: string | undefined
}

const needs = (order: TrialOrder) => ({
  load: requestsAtOnce(order.workload, order.configuration.load),
  contextTokens: longestRequest(order.workload, order.configuration),
})

/** Keeps one engine running for one block: starts it, replaces it when it died, stops it. */
export class EngineKeeper {
  readonly #options: EngineKeeperOptions
  #up: Up | undefined
  /** What the last trial failed on. */
  #suspected: Up | undefined
  #fruitlessSeconds = 0

  constructor(options: EngineKeeperOptions) {
    this.#options = options
  }

  /** Why the order can never run, by arithmetic alone. @throws FmworkError ENGINE_NOT_ALLOWED */
  infeasible(order: TrialOrder): string | undefined {
    return this.#engineFor(order.configuration.engine).infeasible?.(order.configuration)
  }

  /**
   * An engine that can run the order: the one that is up, or a new one. A failed start is tried once
   * more; a demand that does not fit is tried again with the order’s own.
   *
   * @throws FmworkError of Engine.start; the signal’s reason.
   */
  async ready(
    demand: EngineDemand,
    order: TrialOrder,
    signal: AbortSignal,
  ): Promise<RunningEngine> {
    const { load, contextTokens } = needs(order)
    const up = this.#up
    if (
      up !== undefined &&
      up.exited === undefined &&
      up.demand.maxLoad >= load &&
      up.demand.maxContextTokens >= contextTokens &&
      (await this.#trusts(up, signal))
    ) {
      return up.engine
    }
    await this.stop()
    const own = { ...demand, maxLoad: load, maxContextTokens: contextTokens }
    const larger = demand.maxLoad > load || demand.maxContextTokens > contextTokens
    try {
      return await this.#start(demand, signal)
    } catch (thrown) {
      signal.throwIfAborted()
      const error = asFmworkError(thrown)
      this.#options.log().warn({ code: error.code, reason: error.message }, 'engine did not start')
      if (error.code === 'CONFIGURATION_INFEASIBLE') {
        if (!larger) throw error
        return this.#start(own, signal)
      }
      if (error.code !== 'ENGINE_FAILED' && error.code !== 'ENGINE_UNREACHABLE') throw error
      return this.#start(demand, signal)
    }
  }

  /** A trial failed: before the next one, the engine that is up has to show that it still generates. */
  suspect(): void {
    this.#suspected = this.#up
  }

  async #trusts(up: Up, signal: AbortSignal): Promise<boolean> {
    if (this.#suspected !== up) return true
    this.#suspected = undefined
    const generates = (await up.engine.generates?.(signal)) ?? true
    signal.throwIfAborted()
    if (!generates) this.#options.log().warn('the engine no longer generates: starting another')
    return generates
  }

  /** Processes of the engine that is up. */
  get processIds(): readonly number[] {
    return this.#up?.engine.processIds ?? []
  }

  /**
   * Seconds that went into starts of which no engine came, since this was last asked; waiting for a
   * quiet host is none of them.
   */
  takeFruitlessSeconds(): number {
    const seconds = this.#fruitlessSeconds
    this.#fruitlessSeconds = 0
    return seconds
  }

  /** Idempotent; resolves when the devices are free. */
  async stop(): Promise<void> {
    const up = this.#up
    this.#up = undefined
    await up?.engine.stop()
  }

  async #start(demand: EngineDemand, signal: AbortSignal): Promise<RunningEngine> {
    signal.throwIfAborted()
    const { clock, quiet, runIn, started } = this.#options
    const log = this.#options.log()
    const engine = this.#engineFor(demand.block.engine)
    const release = await quiet(signal)
    const begun = clock.monotonic()
    let running: RunningEngine
    try {
      running = await engine.start(demand, signal)
      try {
        await runIn(running, demand, signal)
      } catch (reason) {
        await running.stop()
        throw reason
      }
    } catch (reason) {
      this.#fruitlessSeconds += clock.monotonic() - begun
      throw reason
    } finally {
      release()
    }
    const startUpSeconds = clock.monotonic() - begun + this.takeFruitlessSeconds()
    const up: Up = { engine: running, demand, exited: undefined }
    this.#up = up
    log.info(readyFacts(running, startUpSeconds), 'engine ready')
    void running.exited.then((reason) => {
      up.exited = reason
      if (this.#up === up) log.warn({ reason }, 'engine is gone')
    })
    started(running.facts, startUpSeconds)
    return running
  }

  #engineFor(engineId: string): Engine {
    const kind = engineKindOf(engineId)
    const engine = this.#options.engines.get(kind)
    if (engine !== undefined) return engine
    throw new FmworkError('ENGINE_NOT_ALLOWED', `this agent may not run the engine ${kind}`, {
      problems: [
        {
          field: 'engine',
          value: kind,
          expected: `expected one of ${[...this.#options.engines.keys()].join(', ')}`,
        },
      ],
    })
  }
}

/** For the log. An engine that measures by itself has no address. */
function readyFacts(
  { facts, endpoint, processIds, driver }: RunningEngine,
  seconds: number,
): object {
  const { kind, version } = facts
  const where = driver === undefined ? { url: endpoint.baseUrl } : {}
  return { engine: kind, version, processes: processIds, ...where, seconds }
}
