import { blockKey } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'
import { devicePower, tokenDemand } from '../model/physics.js'
import { universeOf } from '../model/universe.js'

/** Parts of the largest demand that are looked at in turn. */
const levels = [1 / 4, 1 / 1.5] as const
/** Part of what was explored so far that may have been spent at such demand, the look included. */
const affordable = 0.2
/** Part of the full grid’s cost beyond which a look is no cheap one. */
const cheap = 0.001
/** Configurations that are looked at. */
const candidateLimit = 4096

interface Group {
  readonly largest: number
  readonly candidates: readonly { readonly index: number; readonly demand: number }[]
}

/** Blocks that differ in devices only meet the same limits. */
const groupOf = (configuration: Configuration): string =>
  blockKey({ ...configuration, tensorParallel: 0 })
const demandOf = (configuration: Configuration): number =>
  tokenDemand(configuration) / configuration.tensorParallel ** devicePower

/**
 * Where does memory end? Beyond some demand for tokens times jump or trials fail, and nothing below
 * it says where. One cheap trial at high demand tells, as soon as it is affordable.
 */
export class CeilingProbes {
  readonly #space: Space
  readonly #groups = new Map<string, Group>()
  /** Largest demand of what ended or is under way, by group. */
  readonly #reached = new Map<string, number>()
  /** Device-seconds of what ended at high demand. */
  #spent = 0

  constructor(space: Space, seed: number) {
    this.#space = space
    const byGroup = new Map<string, { index: number; demand: number }[]>()
    for (const index of universeOf(space.size, seed, candidateLimit)) {
      const configuration = space.at(index)
      const group = groupOf(configuration)
      const members = byGroup.get(group) ?? []
      members.push({ index, demand: demandOf(configuration) })
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
    const configuration = this.#space.at(index)
    const group = groupOf(configuration)
    const demand = demandOf(configuration)
    if (demand > (this.#reached.get(group) ?? 0)) this.#reached.set(group, demand)
    if (demand >= levels[0] * (this.#groups.get(group)?.largest ?? Infinity)) this.#spent += cost
  }

  /**
   * @param explored device-seconds of all that is no audit.
   * @param underWay configurations that are being measured or are about to be.
   * @param isLimitKnown where an engine told its limit, or measurements showed it.
   * @param fullGrid device-seconds of measuring everything.
   * @returns undefined while nothing is worth it.
   */
  due(
    explored: number,
    underWay: readonly number[],
    isOpen: (index: number) => boolean,
    isLimitKnown: (index: number) => boolean,
    cost: (index: number) => number,
    fullGrid: () => number,
  ): number | undefined {
    const running = underWay.map((index) => this.#space.at(index))
    for (const [group, { largest, candidates }] of this.#groups) {
      const first = candidates[0]
      if (first === undefined || isLimitKnown(first.index)) continue
      const ahead = running.flatMap((each) => (groupOf(each) === group ? [demandOf(each)] : []))
      const reached = Math.max(this.#reached.get(group) ?? 0, ...ahead)
      const level = levels.find((each) => reached < each * largest)
      if (level === undefined) continue
      let best: { readonly index: number; readonly price: number } | undefined
      for (const { index, demand } of candidates) {
        if (demand < level * largest || !isOpen(index)) continue
        const price = cost(index)
        if (best === undefined || price < best.price) best = { index, price }
      }
      if (best === undefined || this.#spent + best.price > affordable * explored) continue
      if (best.price <= cheap * fullGrid()) return best.index
    }
    return undefined
  }
}
