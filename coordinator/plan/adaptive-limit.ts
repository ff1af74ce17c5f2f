import { blockKey } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'
import type { LimitBand } from '../model/encoding.js'
import { tokenDemand } from '../model/physics.js'
import { universeOf } from '../model/universe.js'

/** Part of what was explored that one probe may cost. */
const affordable = 0.1
/** Mean relative error of what lies inside a band: on the wrong side one time in four, times about double. */
const errorInside = 0.25 * Math.LN2
/** Error falls with about this power of what is spent. */
const errorPower = 0.6
/** Part of a band, from either end, that is too near the end to halve it. */
const margin = 0.25
const candidateLimit = 4096

interface Member {
  readonly index: number
  readonly demand: number
}

/**
 * Where exactly does memory end? Measurements leave a band in which it may, and times there are a
 * multiple on the one side of what they are on the other. A cheap trial in its middle halves it.
 */
export class LimitProbes {
  readonly #blocks: readonly (readonly Member[])[]
  readonly #size: number

  constructor(space: Space, seed: number) {
    const byBlock = new Map<string, Member[]>()
    const candidates = universeOf(space.size, seed, candidateLimit)
    for (const index of candidates) {
      const configuration = space.at(index)
      const key = blockKey(configuration)
      const members = byBlock.get(key) ?? []
      members.push({ index, demand: tokenDemand(configuration) })
      byBlock.set(key, members)
    }
    this.#blocks = [...byBlock.values()]
    this.#size = candidates.length
  }

  /**
   * A configuration about the middle of a band that takes away more error per device-second than
   * measuring elsewhere does, and of all blocks the one that takes away most. None where the middle
   * was measured already, or is being: the band has yet to learn from it.
   *
   * @param explored device-seconds of all that is no audit.
   * @param believedError mean relative error that all of that has left.
   * @param isTaken ended or under way.
   * @param isOpen may be measured now.
   */
  due(
    explored: number,
    believedError: number,
    isTaken: (index: number) => boolean,
    isOpen: (index: number) => boolean,
    bandOf: (index: number) => LimitBand | undefined,
    cost: (index: number) => number,
  ): number | undefined {
    const elsewhere = (errorPower * believedError) / explored
    let best: { index: number; worth: number } | undefined
    for (const members of this.#blocks) {
      const band = bandOf((members[0] as Member).index)
      if (band === undefined || !(band.high > band.low)) continue
      const inside = members.filter(({ demand }) => demand > band.low && demand < band.high)
      const width = Math.log(band.high / band.low)
      const middle = inside.filter(({ demand }) => {
        const place = Math.log(demand / band.low) / width
        return place >= margin && place <= 1 - margin
      })
      if (middle.some(({ index }) => isTaken(index))) continue
      const unknown = inside.filter(({ index }) => !isTaken(index)).length
      const gain = (errorInside * unknown) / this.#size
      for (const { index } of middle) {
        const price = cost(index)
        if (price > affordable * explored || !isOpen(index)) continue
        const worth = gain / price
        if (worth <= elsewhere) continue
        if (best === undefined || worth > best.worth) best = { index, worth }
      }
    }
    return best?.index
  }
}
