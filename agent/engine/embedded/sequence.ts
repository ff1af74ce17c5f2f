import type { GenerationJob, GenerationListener } from '../serving/backend.js'
import type { NativeSampler } from './llama-bindings.js'
import type { TokenText } from './token-text.js'

/** What a slot needs besides the job itself; made when the job gets its slot. */
export interface SequenceTools {
  readonly sampler: NativeSampler
  readonly text: TokenText
  /** Whether the model’s end of sequence ends the generation. */
  isEnd(token: number): boolean
  /** Lifts the bar on end tokens that `minTokens` put up. */
  allowEnd(): void
}

/** One request from its arrival to its last token. */
export class Sequence {
  readonly job: GenerationJob
  readonly listener: GenerationListener
  cancelled = false
  /** Tokens in the KV cache. */
  evaluated = 0
  generated = 0
  #lastToken = 0

  constructor(job: GenerationJob, listener: GenerationListener) {
    this.job = job
    this.listener = listener
  }

  get remainingPrompt(): number {
    return Math.max(0, this.job.promptTokens.length - this.evaluated)
  }

  /** The next `count` tokens to evaluate. */
  next(count: number): Uint32Array {
    return this.remainingPrompt > 0
      ? this.job.promptTokens.subarray(this.evaluated, this.evaluated + count)
      : Uint32Array.of(this.#lastToken)
  }

  /** Whether evaluating `count` more tokens gives something to sample from. */
  samplesAfter(count: number): boolean {
    return this.remainingPrompt <= count
  }

  accept(token: number): void {
    this.#lastToken = token
    this.generated += 1
  }
}
