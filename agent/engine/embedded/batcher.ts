import type { Cancel, Clock } from '../../../shared/process/clock.js'
import { GenerationError } from '../serving/backend.js'
import type {
  BackendGauges,
  FinishReason,
  GenerationJob,
  GenerationListener,
} from '../serving/backend.js'
import type { NativeContext } from './llama-bindings.js'
import { Sequence } from './sequence.js'
import type { SequenceTools } from './sequence.js'
import { planStep } from './step-plan.js'

export interface BatcherOptions {
  readonly context: NativeContext
  readonly slots: number
  readonly contextTokens: number
  /** Most tokens in one batch. */
  readonly batchTokens: number
  /**
   * Seconds that an idle engine waits for company before it starts: requests sent at once arrive one
   * by one, and which of them were in the first step would be chance.
   */
  readonly gatherSeconds: number
  readonly clock: Clock
  toolsFor(job: GenerationJob): SequenceTools
}

/** Requests that may wait for a slot; more are refused. */
const waitingLimit = 16_384

interface Running {
  readonly slot: number
  readonly sequence: Sequence
  readonly tools: SequenceTools
}

interface Sampled {
  readonly running: Running
  readonly token: number
}

const noLogits = new Uint32Array(0)

/**
 * Continuous batching: each step evaluates one batch made of a token of every generating sequence
 * and as much of the waiting prompts as fits, then samples. Requests join and leave between steps.
 * Tokens go out while the next batch is being evaluated, so that sending costs no step time.
 */
export class Batcher {
  readonly #options: BatcherOptions
  readonly #waiting = new Set<Sequence>()
  /** In order of arrival. */
  #running: Running[] = []
  #loopActive = false
  #endGathering: (() => void) | undefined
  #promptTokens = 0
  #generatedTokens = 0
  #steps = 0
  #stepSeconds = 0
  #evaluationSeconds = 0

  constructor(options: BatcherOptions) {
    this.#options = options
  }

  submit(job: GenerationJob, listener: GenerationListener): () => void {
    const sequence = new Sequence(job, listener)
    if (this.#waiting.size >= waitingLimit) {
      listener.fail(new GenerationError(429, `${waitingLimit} requests are waiting already`))
      return () => undefined
    }
    this.#waiting.add(sequence)
    if (!this.#loopActive) {
      this.#loopActive = true
      this.#gather()
    } else if (this.#waiting.size >= this.#options.slots) this.#endGathering?.()
    return () => {
      sequence.cancelled = true
      this.#waiting.delete(sequence)
    }
  }

  gauges(): BackendGauges {
    const { slots, contextTokens } = this.#options
    return {
      running: this.#running.length,
      waiting: this.#waiting.size,
      promptTokens: this.#promptTokens,
      generatedTokens: this.#generatedTokens,
      kvUsedTokens: this.#running.reduce((sum, { sequence }) => sum + sequence.evaluated, 0),
      kvCapacityTokens: slots * contextTokens,
      steps: this.#steps,
      stepSeconds: this.#stepSeconds,
      evaluationSeconds: this.#evaluationSeconds,
    }
  }

  /** Starts the loop when every slot is asked for or the time for gathering is over. */
  #gather(): void {
    const { clock, gatherSeconds, slots } = this.#options
    let cancel: Cancel = () => undefined
    const start = () => {
      cancel()
      this.#endGathering = undefined
      // Whatever is readable in this turn of the event loop starts too.
      setImmediate(() => void this.#loop())
    }
    if (gatherSeconds === 0 || this.#waiting.size >= slots) {
      start()
      return
    }
    cancel = clock.after(gatherSeconds, start)
    this.#endGathering = start
  }

  /** Runs steps until there is nothing to do. */
  async #loop(): Promise<void> {
    const { clock } = this.#options
    let unsent: Sampled[] = []
    for (;;) {
      const begun = clock.monotonic()
      this.#dropCancelled()
      this.#admit()
      if (this.#running.length === 0) break
      try {
        const logits = this.#fillBatch()
        const evaluation = this.#options.context.decodeBatch()
        this.#send(unsent)
        unsent = []
        const evaluationBegun = clock.monotonic()
        await evaluation
        this.#evaluationSeconds += clock.monotonic() - evaluationBegun
        unsent = await this.#sample(logits)
        this.#finish(unsent)
      } catch (error) {
        this.#failAll(error)
      }
      this.#steps += 1
      this.#stepSeconds += clock.monotonic() - begun
      if (this.#running.length === 0) {
        this.#send(unsent)
        unsent = []
      }
    }
    this.#loopActive = false
  }

  #dropCancelled(): void {
    const cancelled = this.#running.filter(({ sequence }) => sequence.cancelled)
    for (const running of cancelled) this.#release(running)
  }

  /** The lowest free slots first: llama.cpp evaluates neighbouring sequences in one go. */
  #admit(): void {
    const taken = new Set(this.#running.map(({ slot }) => slot))
    for (let slot = 0; slot < this.#options.slots && this.#waiting.size > 0; slot += 1) {
      if (taken.has(slot)) continue
      const [sequence] = this.#waiting
      if (sequence === undefined) return
      this.#waiting.delete(sequence)
      this.#running.push({ slot, sequence, tools: this.#options.toolsFor(sequence.job) })
    }
  }

  /** Builds the next batch; the batch positions to sample, by running sequence. */
  #fillBatch(): Map<Running, number> {
    const { context, batchTokens } = this.#options
    const counts = planStep(
      this.#running.map(({ sequence }) => sequence),
      batchTokens,
    )
    const planned = this.#running
      .map((running, index) => ({ running, count: counts[index] as number }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => a.running.slot - b.running.slot)
    context.initBatch(planned.reduce((sum, { count }) => sum + count, 0))
    const logits = new Map<Running, number>()
    for (const { running, count } of planned) {
      const { sequence, slot } = running
      const samples = sequence.samplesAfter(count)
      const [position] = context.addToBatch(
        slot,
        sequence.evaluated,
        sequence.next(count),
        samples ? Uint32Array.of(count - 1) : noLogits,
      )
      if (position !== undefined) logits.set(running, position)
      this.#promptTokens += Math.min(sequence.remainingPrompt, count)
      sequence.evaluated += count
    }
    return logits
  }

  async #sample(logits: ReadonlyMap<Running, number>): Promise<Sampled[]> {
    const { context } = this.#options
    const sampling = Array.from(logits, async ([running, position]) => {
      const token = await context.sampleToken(position, running.tools.sampler)
      if (token < 0) throw new Error('the model gave no token')
      return { running, token }
    })
    // Samplers are native and may be freed only when none of them is at work.
    await Promise.allSettled(sampling)
    const sampled = await Promise.all(sampling)
    for (const { running, token } of sampled) {
      const { sequence, tools } = running
      sequence.accept(token)
      const { ignoreEos, minTokens } = sequence.job
      if (!ignoreEos && sequence.generated === minTokens) tools.allowEnd()
    }
    return sampled
  }

  #finishReason({ running: { sequence, tools }, token }: Sampled): FinishReason | undefined {
    if (!sequence.job.ignoreEos && tools.isEnd(token)) return 'stop'
    return sequence.generated >= sequence.job.maxTokens ? 'length' : undefined
  }

  /** Frees the slots of what is complete before the next batch is built. */
  #finish(sampled: readonly Sampled[]): void {
    this.#generatedTokens += sampled.length
    for (const each of sampled) {
      if (this.#finishReason(each) !== undefined) this.#release(each.running)
    }
  }

  #send(sampled: readonly Sampled[]): void {
    for (const each of sampled) {
      const { sequence, tools } = each.running
      if (sequence.cancelled) continue
      const finish = this.#finishReason(each)
      const text = finish === 'stop' ? '' : tools.text.add(each.token, finish !== undefined)
      sequence.listener.token(text, finish)
    }
  }

  /** Forgets the slot’s tokens too: no later prompt finds its prefix there. */
  #release(running: Running): void {
    this.#running = this.#running.filter((each) => each !== running)
    this.#options.context.disposeSequence(running.slot)
    running.tools.sampler.dispose()
  }

  #failAll(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    for (const running of this.#running) {
      this.#release(running)
      running.sequence.listener.fail(new GenerationError(500, `evaluation failed: ${message}`))
    }
  }
}
