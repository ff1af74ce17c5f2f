import { isInvalid } from '../../shared/domain/measurement.js'
import type { Doubt, Measurement } from '../../shared/domain/measurement.js'
import { asFmworkError, FmworkError } from '../../shared/domain/errors.js'
import { blockKey, blockOf } from '../../shared/domain/configuration.js'
import type { TelemetryReading } from '../../shared/domain/sample.js'
import type { TrialOutcome } from '../../shared/domain/trial.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { OfflineDriver, RunningEngine } from '../engine/engine.js'
import type { Host } from '../host/host.js'
import { defaultThresholds } from '../host/noise.js'
import type { NoiseThresholds } from '../host/noise.js'
import { calibrateWords } from './calibrate.js'
import { judgeHost } from './judge-host.js'
import { judgeSamples } from './judge.js'
import type { LoadGenerator } from './load/load-job.js'
import type { Measured } from './measured.js'
import { measureBatch } from './measure-batch.js'
import { measureWithDriver } from './measure-driver.js'
import { loopPattern, measureLoop } from './measure-loop.js'
import { NoiseHistory } from './metrics/noise-history.js'
import { trialEnergy } from './trial-energy.js'
import type { TrialContext } from './trial-context.js'
import { runIn } from './run-in.js'
import { bringsPrompts } from './trial-runner.js'
import type { RunnerOrder, TrialObserver, TrialRunner } from './trial-runner.js'
import { warmUp } from './warm-up.js'
import { withData } from './with-data.js'
import type { DataShelf } from './workload/data-shelf.js'

export interface TrialRunnerDeps {
  readonly clock: Clock
  readonly log: Log
  readonly host: Host
  /** Where load comes from: {@link WorkerLoad} in an agent. Closed by its maker. */
  readonly load: LoadGenerator
  /** Data files that this host’s own configuration allows; none when absent. */
  readonly data?: DataShelf
  /** How much disturbance is tolerated; the defaults say why. */
  readonly thresholds?: NoiseThresholds
}

/** Readings handed on together, so that telemetry costs few messages. */
const readingsPerBatch = 20
/** Seconds to wait for the word that an engine is gone, after its connections broke. */
const exitWordSeconds = 0.5

/** Makes the runner that an agent measures with. */
export function createTrialRunner(deps: TrialRunnerDeps): TrialRunner {
  let history = new NoiseHistory()
  let historyOf: string | undefined
  return {
    async run(order, engine, observer, signal) {
      const block = blockKey(blockOf(order.configuration))
      if (block !== historyOf) {
        historyOf = block
        history = new NoiseHistory()
      }
      let complete: RunnerOrder
      try {
        complete = await withData(order, deps.data)
      } catch (thrown) {
        const { code, message: reason } = asFmworkError(thrown)
        return { kind: 'failed', code, reason, deviceSeconds: 0 }
      }
      return new Trial(deps, complete, engine, observer, history).run(signal)
    },
    runIn: (engine, demand, signal) => runIn(engine, demand, deps, signal),
  }
}

/** One trial, from the wait for a quiet host to its outcome. */
class Trial {
  readonly #deps: TrialRunnerDeps
  readonly #order: RunnerOrder
  readonly #engine: RunningEngine
  readonly #observer: TrialObserver
  readonly #history: NoiseHistory
  #heldSince: number | undefined

  constructor(
    deps: TrialRunnerDeps,
    order: RunnerOrder,
    engine: RunningEngine,
    observer: TrialObserver,
    history: NoiseHistory,
  ) {
    this.#deps = deps
    this.#order = order
    this.#engine = engine
    this.#observer = observer
    this.#history = history
  }

  async run(signal: AbortSignal): Promise<TrialOutcome> {
    const { clock, host, log } = this.#deps
    const gone = new AbortController()
    void this.#engine.exited.then((reason) =>
      gone.abort(
        this.#engine.diagnosis?.() ??
          new FmworkError('ENGINE_FAILED', `the engine ended: ${reason}`),
      ),
    )
    const alive = AbortSignal.any([signal, gone.signal])
    let release: () => void = () => undefined
    try {
      release = await host.quiet(alive, (holder) => {
        log.debug({ holder }, 'waiting for a quiet host')
        this.#observer.activity('waiting_for_quiet')
      })
      this.#heldSince = clock.monotonic()
      const measurement = await this.#measure(alive)
      return { kind: 'measured', measurement }
    } catch (thrown) {
      return await this.#outcomeOf(thrown, signal, gone.signal)
    } finally {
      try {
        release()
      } catch (error) {
        // The next in the queue sees that this process lives; only its end frees the lock then.
        log.error({ error }, 'the quiet lock could not be released')
      }
    }
  }

  async #measure(signal: AbortSignal): Promise<Measurement> {
    const { clock, host, log, load } = this.#deps
    const order = this.#order
    const readings = new ReadingBatches(this.#observer)
    const startedAt = clock.monotonic()
    if (this.#engine.driver !== undefined) {
      return this.#measureWithDriver(this.#engine.driver, readings, signal)
    }
    const watch = host.watch(this.#engine.processIds, (reading) => readings.add(reading))
    try {
      const context: TrialContext = {
        order,
        engine: this.#engine,
        clock,
        log,
        load,
        watch,
        cpuCount: host.environment.cpuCount,
        thresholds: this.#deps.thresholds ?? defaultThresholds,
        history: this.#history,
        lookAround: () => host.neighbours(),
        neighbours: new Map(),
        signal,
        onSamples: (samples) => this.#observer.samples(samples),
        promptWords: undefined,
        nextPrompt: 0,
        nextRepetition: 0,
      }
      const before = await host.preFlight(this.#engine.processIds, signal)
      const first = watch.snapshot()
      this.#observer.activity('warming_up')
      await calibrateWords(context)
      await this.#engine.resetCache()
      const setUpDone = clock.monotonic()
      await warmUp(context)
      const warm = clock.monotonic()
      this.#observer.activity('measuring')
      const measuredFrom = clock.wall()
      const measured = await this.#measureWorkload(context)
      const end = clock.monotonic()
      const last = watch.snapshot()
      const foreign = await host.foreignProcesses(this.#engine.processIds, first.wall)
      await watch.bracketed(last, signal)
      const energy = trialEnergy(watch.around(first, last), first, last, host.deviceIds.length)
      const shared = [
        ...judgeSamples(measured.windows, {
          staticBatch: this.#isBatch,
          ownPrompts: bringsPrompts(order),
        }),
        ...judgeHost(measured.windows, context, foreign),
        ...before,
      ]
      const doubts = [...measured.doubts, ...shared, ...energy.doubts]
      return {
        metrics: measured.metrics,
        doubts,
        timing: {
          setUp: setUpDone - startedAt,
          warmUp: warm - setUpDone,
          measured: end - warm - measured.gapSeconds,
          gaps: measured.gapSeconds,
        },
        deviceSeconds: this.#deviceSeconds(),
        ...(energy.joules === undefined ? {} : { energyJoules: energy.joules }),
        repetitions: measured.windows.length,
        requests: requestsOf(measured),
        startedAt: measuredFrom,
        ...harvestOf(measured, doubts, shared),
      }
    } finally {
      watch.stop()
      readings.flush()
    }
  }

  async #measureWithDriver(
    driver: OfflineDriver,
    readings: ReadingBatches,
    signal: AbortSignal,
  ): Promise<Measurement> {
    this.#observer.activity('measuring')
    try {
      return await measureWithDriver({
        deps: this.#deps,
        order: this.#order,
        driver,
        signal,
        onReading: (reading) => readings.add(reading),
        deviceSeconds: () => this.#deviceSeconds(),
      })
    } finally {
      readings.flush()
    }
  }

  #measureWorkload(context: TrialContext): Promise<Measured> {
    return this.#isBatch ? measureBatch(context) : measureLoop(context, loopPattern(this.#order))
  }

  get #isBatch(): boolean {
    return this.#order.listed === undefined && this.#order.workload.kind === 'static-batch'
  }

  /** Devices held times seconds held; waiting for others to finish costs nothing. */
  #deviceSeconds(): number {
    if (this.#heldSince === undefined) return 0
    const seconds = this.#deps.clock.monotonic() - this.#heldSince
    return seconds * this.#order.configuration.tensorParallel
  }

  async #outcomeOf(thrown: unknown, signal: AbortSignal, gone: AbortSignal): Promise<TrialOutcome> {
    const deviceSeconds = this.#deviceSeconds()
    let error = asFmworkError(thrown)
    if (signal.aborted) {
      const reason: unknown = signal.reason
      const words = reason instanceof Error ? reason.message : String(reason)
      const code = reason instanceof FmworkError ? reason.code : 'REQUEST_FAILED'
      return { kind: 'failed', code, reason: `ended early: ${words}`, deviceSeconds }
    }
    if (error.code === 'ENGINE_FAILED' && !gone.aborted) {
      // Broken connections are often the first sign of a crash whose word is still under way.
      await Promise.race([this.#engine.exited, this.#deps.clock.sleep(exitWordSeconds)])
    }
    if (gone.aborted && error.code !== 'CONFIGURATION_INFEASIBLE')
      error = asFmworkError(gone.reason)
    if (error.code === 'CONFIGURATION_INFEASIBLE') {
      return { kind: 'infeasible', reason: error.message, deviceSeconds }
    }
    this.#deps.log.warn(
      { trial: this.#order.trialId, code: error.code, reason: error.message },
      'trial failed',
    )
    return { kind: 'failed', code: error.code, reason: error.message, deviceSeconds }
  }
}

/** What is harvested of a measurement that counts, with the doubts that bear on all of the trial. */
function harvestOf(
  { harvest }: Measured,
  doubts: readonly Doubt[],
  shared: readonly Doubt[],
): Pick<Measurement, 'harvest'> {
  if (harvest === undefined || isInvalid({ doubts })) return {}
  return { harvest: harvest.map((each) => ({ ...each, doubts: [...each.doubts, ...shared] })) }
}

const requestsOf = (measured: Measured) =>
  measured.windows.reduce(
    (sum, { report }) => sum + report.samples.filter((sample) => !sample.warmUp).length,
    0,
  )

/** Hands readings on in batches. */
class ReadingBatches {
  readonly #observer: TrialObserver
  #pending: TelemetryReading[] = []

  constructor(observer: TrialObserver) {
    this.#observer = observer
  }

  add(reading: TelemetryReading): void {
    this.#pending.push(reading)
    if (this.#pending.length >= readingsPerBatch) this.flush()
  }

  flush(): void {
    if (this.#pending.length === 0) return
    this.#observer.telemetry(this.#pending)
    this.#pending = []
  }
}
