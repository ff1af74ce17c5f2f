import { setImmediate } from 'node:timers/promises'
import { createRandom } from '../../../shared/stats/random.js'
import type { Random } from '../../../shared/stats/random.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { BackendGauges, GenerationJob, GenerationListener } from '../serving/backend.js'
import { waitUntil } from '../serving/precise-wait.js'
import { StandInBackend } from '../serving/stand-in-backend.js'
import { standInToken } from '../serving/stand-in-text.js'
import type { StepPhysics } from './physics.js'
import { StepScheduler } from './scheduler.js'
import type { StepOutcome } from './scheduler.js'

export interface SimulatedBackendOptions {
  readonly model: string
  readonly physics: StepPhysics
  readonly seed: number
  readonly noiseCv: number
  /** Real seconds per simulated second. */
  readonly timeScale: number
  /** Simulated seconds that an idle engine gathers requests. */
  readonly arrivalSeconds: number
  readonly clock: Clock
  /** Answers true to go silent for ever: an injected hang. */
  hangs(): boolean
}

/** Runs the scheduler in real time. */
export class SimulatedBackend extends StandInBackend {
  readonly #options: SimulatedBackendOptions
  readonly #scheduler: StepScheduler<GenerationListener>
  readonly #noise: Random
  #active = false
  #steps = 0
  #stepSeconds = 0

  constructor(options: SimulatedBackendOptions) {
    super(options.model, options.physics.maxContextTokens)
    this.#options = options
    this.#scheduler = new StepScheduler(options.physics)
    this.#noise = createRandom(options.seed).fork('steps')
  }

  submit(job: GenerationJob, listener: GenerationListener): () => void {
    this.promptTokens += job.promptTokens.length
    this.#scheduler.add(listener, job.promptTokens.length, job.maxTokens)
    if (!this.#active) {
      this.#active = true
      void this.#run()
    }
    return () => this.#scheduler.remove(listener)
  }

  gauges(): BackendGauges {
    return {
      running: this.#scheduler.running,
      waiting: this.#scheduler.waiting,
      promptTokens: this.promptTokens,
      generatedTokens: this.generatedTokens,
      kvUsedTokens: this.#scheduler.kvUsedTokens,
      kvCapacityTokens: this.#options.physics.kvCapacityTokens,
      steps: this.#steps,
      stepSeconds: this.#stepSeconds,
      evaluationSeconds: this.#stepSeconds,
    }
  }

  async #run(): Promise<void> {
    const { clock, timeScale, arrivalSeconds } = this.#options
    let due = clock.monotonic() + arrivalSeconds * timeScale
    // Not `waitUntil`, which would keep the thread from reading the last of the requests.
    await clock.sleep(arrivalSeconds * timeScale)
    for (let step = this.#next(); step !== undefined; step = this.#next()) {
      // Counted from when the step was due, not from when a timer noticed: errors do not add up.
      due += step.seconds * timeScale
      await waitUntil(due, clock)
      this.#deliver(step)
      if (this.#scheduler.running + this.#scheduler.waiting === 0) break
      // Requests that came in meanwhile join the next step.
      await setImmediate()
    }
    this.#active = false
  }

  #next(): StepOutcome<GenerationListener> | undefined {
    const step = this.#scheduler.step()
    if (step === undefined) return undefined
    const { noiseCv } = this.#options
    const factor = noiseCv === 0 ? 1 : Math.exp(noiseCv * this.#noise.normal())
    return { ...step, seconds: step.seconds * factor }
  }

  #deliver(step: StepOutcome<GenerationListener>): void {
    this.#steps += 1
    this.#stepSeconds += step.seconds
    this.generatedTokens += step.tokens.length
    if (this.#options.hangs()) return
    for (const { key, index, last } of step.tokens) {
      key.token(standInToken(index), last ? 'length' : undefined)
    }
  }
}
