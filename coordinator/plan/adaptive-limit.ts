import { blockKey } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'
import type { LimitBand } from '../model/encoding.js'
import { tokenDemand } from '../model/physics.js'
import { universeOf } from '../model/universe.js'
import type { Explored } from './adaptive-agents.js'

/** Part of what is explored by its end that one probe may cost. */
const affordable = 0.1
/** Mean relative error of what lies inside a band: on the wrong side one time in four, times about double. */
const errorInside = 0.25 * Math.LN2
/** Error falls with about this power of what is spent. */
const errorPower = 0.6
/** Part of a band, from either end, that is too near the end to halve it. */
const margin = 0.25
const candidateLimit = 4096

/** Of a band. */
interface Part extends LimitBand {
  /** That the limit lies in it. */
  readonly chance: number
}

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
   * was measured already: the band has yet to learn from it. What is under way will split a band, so
   * its parts count as bands, each with the chance that the limit lies there.
   *
   * @param believedError mean relative error that what was explored so far has left.
   * @param isOpen may be measured now.
   */
  due(
    explored: Explored,
    believedError: number,
    isClosed: (index: number) => boolean,
    isUnderWay: (index: number) => boolean,
    isOpen: (index: number) => boolean,
    bandOf: (index: number) => LimitBand | undefined,
    cost: (index: number) => number,
  ): number | undefined {
    const elsewhere = (errorPower * believedError) / explored.now
    let best: { index: number; worth: number } | undefined
    for (const members of this.#blocks) {
      const band = bandOf((members[0] as Member).index)
      if (band === undefined || !(band.high > band.low)) continue
      for (const part of partsOf(band, members, isUnderWay)) {
        const { unknown, middle } = lookInto(part, members, isClosed)
        const gain = (part.chance * errorInside * unknown) / this.#size
        for (const index of middle) {
          const price = cost(index)
          if (price > affordable * explored.by(index, price) || !isOpen(index)) continue
          const worth = gain / price
          if (worth <= elsewhere) continue
          if (best === undefined || worth > best.worth) best = { index, worth }
        }
      }
    }
    return best?.index
  }
}

/** A band as trials under way will split it. */
function partsOf(
  band: LimitBand,
  members: readonly Member[],
  isUnderWay: (index: number) => boolean,
): Part[] {
  const cuts = members
    .filter(({ index, demand }) => demand > band.low && demand < band.high && isUnderWay(index))
    .map(({ demand }) => demand)
  const ends = [...new Set([...cuts, band.high])].sort((a, b) => a - b)
  const width = Math.log(band.high / band.low)
  return ends.map((high, k) => {
    const low = ends[k - 1] ?? band.low
    return { low, high, chance: Math.log(high / low) / width }
  })
}

/** How much of a part is unknown, and what halves it; nothing does once its middle was measured. */
function lookInto(
  { low, high }: LimitBand,
  members: readonly Member[],
  isClosed: (index: number) => boolean,
): { readonly unknown: number; readonly middle: readonly number[] } {
  const inside = members.filter(({ demand }) => demand > low && demand < high)
  const open = inside.filter(({ index }) => !isClosed(index))
  const width = Math.log(high / low)
  const isMiddle = ({ demand }: Member): boolean => {
    const place = Math.log(demand / low) / width
    return place >= margin && place <= 1 - margin
  }
  const middle = inside.filter(isMiddle)
  const isMeasured = middle.some(({ index }) => isClosed(index))
  return { unknown: open.length, middle: isMeasured ? [] : middle.map(({ index }) => index) }
}
