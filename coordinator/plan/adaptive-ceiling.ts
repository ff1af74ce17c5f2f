import { blockKey } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'
import type { Workload } from '../../shared/domain/sweep.js'
import { devicePower, tokenDemand, usualFirstToken } from '../model/physics.js'
import { universeOf } from '../model/universe.js'
import type { Explored } from './adaptive-agents.js'

/** Parts of the largest demand that are looked at in turn. */
const levels = [1 / 4, 1 / 1.5] as const
/** First tokens come so many times later where memory holds half of what is asked: enough to be seen. */
const visible = 1.5
/** Part of what is explored by its end that may have been spent at such demand, the look included. */
const affordable = 0.2
/** Part of the full grid’s cost beyond which a look is no cheap one. */
const cheap = 0.001
/** Configurations that are looked at. */
const candidateLimit = 4096

interface Candidate {
  readonly index: number
  readonly demand: number
  /** A second round would be seen in its first tokens. */
  readonly tells: boolean
}

interface Group {
  readonly largest: number
  readonly candidates: readonly Candidate[]
}

/** Largest demand of what ended or is under way: of anything, and of what tells. */
interface Reached {
  readonly any: number
  readonly telling: number
}

/** Blocks that differ in devices only meet the same limits. */
const groupOf = (configuration: Configuration): string =>
  blockKey({ ...configuration, tensorParallel: 0 })
const demandOf = (configuration: Configuration): number =>
  tokenDemand(configuration) / configuration.tensorParallel ** devicePower

/**
 * Where does memory end? Beyond some demand for tokens times jump or trials fail, and nothing below
 * it says where. One cheap trial at high demand shows failures, as soon as it is affordable; then one
 * where waiting for a second round would be seen, which a short output or prompt hides.
 */
export class CeilingProbes {
  readonly #space: Space
  readonly #workload: Workload
  readonly #groups = new Map<string, Group>()
  readonly #reached = new Map<string, Reached>()
  /** Device-seconds of what ended at high demand. */
  #spent = 0

  constructor(space: Space, seed: number, workload: Workload) {
    this.#space = space
    this.#workload = workload
    const byGroup = new Map<string, Candidate[]>()
    for (const index of universeOf(space.size, seed, candidateLimit)) {
      const configuration = space.at(index)
      const group = groupOf(configuration)
      const members = byGroup.get(group) ?? []
      members.push(this.#candidate(index))
      byGroup.set(group, members)
    }
    for (const [group, members] of byGroup) {
      const largest = members.reduce((most, { demand }) => Math.max(most, demand), 0)
      const candidates = members.filter(({ demand }) => demand >= levels[0] * largest)
      this.#groups.set(group, { largest, candidates })
    }
  }

  /** A configuration that ended, and the device-seconds that it took. */
  tell(index: number, cost: number): void {
    const group = groupOf(this.#space.at(index))
    const candidate = this.#candidate(index)
    this.#reached.set(group, further(this.#reached.get(group), candidate))
    if (candidate.demand >= levels[0] * (this.#groups.get(group)?.largest ?? Infinity)) {
      this.#spent += cost
    }
  }

  /**
   * @param underWay configurations that are being measured or are about to be. While one of them is
   *   such a look, no higher one is worth it.
   * @param isLimitKnown where an engine told its limit, or measurements showed it.
   * @param fullGrid device-seconds of measuring everything.
   * @returns undefined while nothing is worth it.
   */
  due(
    explored: Explored,
    underWay: readonly number[],
    isOpen: (index: number) => boolean,
    isLimitKnown: (index: number) => boolean,
    cost: (index: number) => number,
    fullGrid: () => number,
  ): number | undefined {
    for (const [group, { largest, candidates }] of this.#groups) {
      const first = candidates[0]
      if (first === undefined || isLimitKnown(first.index)) continue
      const ended = this.#reached.get(group) ?? nothing
      const reached = underWay
        .filter((index) => groupOf(this.#space.at(index)) === group)
        .map((index) => this.#candidate(index))
        .reduce(further, ended)
      for (const telling of [false, true]) {
        const kind = telling ? 'telling' : 'any'
        const level = levels.find((each) => ended[kind] < each * largest)
        if (level === undefined) continue
        // What is under way may show it.
        if (reached[kind] >= level * largest) break
        const enough = candidates.filter(
          ({ index, demand, tells }) =>
            demand >= level * largest && (tells || !telling) && isOpen(index),
        )
        const best = cheapest(enough, cost)
        if (best === undefined) continue
        if (this.#spent + best.price > affordable * explored.by(best.index, best.price)) break
        if (best.price <= cheap * fullGrid()) return best.index
        break
      }
    }
    return undefined
  }

  #candidate(index: number): Candidate {
    const configuration = this.#space.at(index)
    const seconds = (capacity: number) => usualFirstToken(configuration, this.#workload, capacity)
    const tells = seconds(tokenDemand(configuration) / 2) >= visible * seconds(Infinity)
    return { index, demand: demandOf(configuration), tells }
  }
}

const nothing: Reached = { any: 0, telling: 0 }

function further(reached: Reached = nothing, { demand, tells }: Candidate): Reached {
  return {
    any: Math.max(reached.any, demand),
    telling: tells ? Math.max(reached.telling, demand) : reached.telling,
  }
}

function cheapest(
  candidates: readonly Candidate[],
  cost: (index: number) => number,
): { readonly index: number; readonly price: number } | undefined {
  let best: { readonly index: number; readonly price: number } | undefined
  for (const { index } of candidates) {
    const price = cost(index)
    if (best === undefined || price < best.price) best = { index, price }
  }
  return best
}
