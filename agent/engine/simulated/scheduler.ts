import { stepSeconds } from './physics.js'
import type { StepPhysics } from './physics.js'

/** A request inside the scheduler; `key` is the caller’s own. */
interface Entry<Key> {
  readonly key: Key
  readonly prompt: number
  readonly output: number
  /** Tokens in the KV cache. */
  evaluated: number
  generated: number
}

export interface StepOutcome<Key> {
  /** Without noise. */
  readonly seconds: number
  /** One generated token each, in order of arrival. */
  readonly tokens: readonly { readonly key: Key; readonly index: number; readonly last: boolean }[]
}

/**
 * Iteration-level scheduling with chunked prefill and a bounded KV cache, as vLLM does it:
 * generating sequences first, then prompts as far as the step’s tokens last; a prompt starts only
 * when it fits; when the cache overflows, the latest sequence gives its cache up and is evaluated
 * again later. Pure: time is only returned.
 */
export class StepScheduler<Key> {
  readonly #physics: StepPhysics
  #waiting: Entry<Key>[] = []
  #running: Entry<Key>[] = []
  #preemptions = 0

  constructor(physics: StepPhysics) {
    this.#physics = physics
  }

  get running(): number {
    return this.#running.length
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get preemptions(): number {
    return this.#preemptions
  }

  get kvUsedTokens(): number {
    return this.#running.reduce((sum, entry) => sum + entry.evaluated, 0)
  }

  add(key: Key, prompt: number, output: number): void {
    this.#waiting.push({ key, prompt, output, evaluated: 0, generated: 0 })
  }

  remove(key: Key): void {
    this.#waiting = this.#waiting.filter((entry) => entry.key !== key)
    this.#running = this.#running.filter((entry) => entry.key !== key)
  }

  /** One step; undefined when there is nothing to do. */
  step(): StepOutcome<Key> | undefined {
    this.#makeRoom()
    this.#admit()
    if (this.#running.length === 0) return undefined
    let left = this.#physics.stepTokens
    let contextTokens = 0
    let promptTokens = 0
    const counts = new Map<Entry<Key>, number>()
    const generating = this.#running.filter(
      (entry) => this.#remaining(entry) === 1 && entry.generated > 0,
    )
    for (const entry of generating) {
      if (left === 0) break
      counts.set(entry, 1)
      contextTokens += entry.evaluated
      left -= 1
    }
    const decoding = counts.size
    for (const entry of this.#running) {
      if (counts.has(entry) || generating.includes(entry)) continue
      const count = Math.min(left, this.#remaining(entry))
      if (count === 0) break
      counts.set(entry, count)
      promptTokens += count
      left -= count
    }
    const tokens = [...counts].flatMap(([entry, count]) => this.#advance(entry, count))
    const work = { generating: decoding, contextTokens, promptTokens }
    return { seconds: stepSeconds(this.#physics, work), tokens }
  }

  /** Tokens to evaluate before the next one can be sampled. */
  #remaining(entry: Entry<Key>): number {
    return entry.prompt + entry.generated - entry.evaluated
  }

  #advance(entry: Entry<Key>, count: number): StepOutcome<Key>['tokens'] {
    entry.evaluated += count
    if (this.#remaining(entry) > 0) return []
    const index = entry.generated
    entry.generated += 1
    const last = entry.generated >= entry.output
    if (last) this.#running = this.#running.filter((each) => each !== entry)
    return [{ key: entry.key, index, last }]
  }

  /** Every running sequence may grow by what this step evaluates of it. */
  #makeRoom(): void {
    const need = () => this.#running.reduce((sum, entry) => sum + entry.prompt + entry.generated, 0)
    while (this.#running.length > 1 && need() > this.#physics.kvCapacityTokens) {
      const latest = this.#running.pop()
      if (latest === undefined) return
      latest.evaluated = 0
      this.#preemptions += 1
      this.#waiting.unshift(latest)
    }
  }

  #admit(): void {
    const { kvCapacityTokens, maxSequences } = this.#physics
    let used = this.#running.reduce((sum, entry) => sum + entry.prompt + entry.generated, 0)
    while (this.#running.length < maxSequences) {
      const next = this.#waiting[0]
      if (next === undefined) return
      const need = next.prompt + next.generated + 1
      if (this.#running.length > 0 && used + need > kvCapacityTokens) return
      this.#waiting.shift()
      this.#running.push(next)
      used += need
    }
  }
}
