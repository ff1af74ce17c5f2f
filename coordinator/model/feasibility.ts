import { blockKey } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { EngineFacts } from '../../shared/domain/environment.js'

interface Corner {
  readonly load: number
  readonly input: number
  readonly output: number
}

interface BlockKnowledge {
  readonly ran: Corner[]
  readonly failed: Corner[]
  maxContextTokens?: number
}

const cornerOf = ({ load, inputTokens, outputTokens }: Configuration): Corner => ({
  load,
  input: inputTokens,
  output: outputTokens,
})

const within = (inner: Corner, outer: Corner): boolean =>
  inner.load <= outer.load && inner.input <= outer.input && inner.output <= outer.output

/** Tokens that a configuration keeps in memory at once, in doublings. */
const demand = ({ load, input, output }: Corner): number => Math.log2(load * (input + output))

/** Steepness of the transition between what ran and what failed, per doubling of demand. */
const steepness = 4

/**
 * Which configurations can run. Monotone in load and lengths inside one block only: more devices do
 * not always help, so nothing is inferred across blocks.
 */
export class Feasibility {
  readonly #blocks = new Map<string, BlockKnowledge>()

  copy(): Feasibility {
    const copy = new Feasibility()
    for (const [key, { ran, failed, ...rest }] of this.#blocks) {
      copy.#blocks.set(key, { ran: [...ran], failed: [...failed], ...rest })
    }
    return copy
  }

  #block(key: string): BlockKnowledge {
    const known = this.#blocks.get(key)
    if (known !== undefined) return known
    const fresh: BlockKnowledge = { ran: [], failed: [] }
    this.#blocks.set(key, fresh)
    return fresh
  }

  tellEngine(key: string, facts: EngineFacts): void {
    if (facts.maxContextTokens !== undefined) {
      this.#block(key).maxContextTokens = facts.maxContextTokens
    }
  }

  tell(configuration: Configuration, outcome: 'measured' | 'infeasible'): void {
    const block = this.#block(blockKey(configuration))
    const corner = cornerOf(configuration)
    const frontier = outcome === 'measured' ? block.ran : block.failed
    const covers = (a: Corner, b: Corner): boolean =>
      outcome === 'measured' ? within(b, a) : within(a, b)
    if (frontier.some((known) => covers(known, corner))) return
    const kept = frontier.filter((known) => !covers(corner, known))
    frontier.splice(0, frontier.length, ...kept, corner)
  }

  /** Something is known to fail, so that feasibility is worth asking for. */
  get anyFailure(): boolean {
    for (const { failed, maxContextTokens } of this.#blocks.values()) {
      if (failed.length > 0 || maxContextTokens !== undefined) return true
    }
    return false
  }

  /** Probability in 0…1 that the configuration can run. */
  probability(configuration: Configuration): number {
    const block = this.#blocks.get(blockKey(configuration))
    if (block === undefined) return 1
    const corner = cornerOf(configuration)
    if (corner.input + corner.output > (block.maxContextTokens ?? Infinity)) return 0
    if (block.ran.some((known) => within(corner, known))) return 1
    if (block.failed.some((known) => within(known, corner))) return 0
    if (block.failed.length === 0) return 1
    const lowestFailure = Math.min(...block.failed.map(demand))
    const highestRun = Math.max(...block.ran.map(demand), -Infinity)
    const frontier =
      highestRun < lowestFailure
        ? (Math.max(highestRun, lowestFailure - 4) + lowestFailure) / 2
        : lowestFailure
    return 1 / (1 + Math.exp(steepness * (demand(corner) - frontier)))
  }
}
