import { createRandom } from '../../shared/stats/random.js'
import { SeededOrder, universeOf } from '../model/universe.js'

/** Configurations one after the other, each once. */
export interface Order {
  readonly length: number
  at(place: number): number
}

/**
 * A seeded random order without replacement in which the next is drawn in proportion to its weight
 * (Efraimidis and Spirakis 2006); uniformly where all weigh the same. With weights, at most as many
 * as a universe has.
 */
export function randomOrder(size: number, seed: number, weight?: (index: number) => number): Order {
  if (weight === undefined) {
    const order = new SeededOrder(size, seed)
    return { length: size, at: (place) => order.at(place) }
  }
  const random = createRandom(seed).fork('weighted order')
  const ranked = Array.from(universeOf(size, seed), (index) => ({
    index,
    key: -Math.log(1 - random.next()) / weight(index),
  })).sort((a, b) => a.key - b.key || a.index - b.index)
  const order = Uint32Array.from(ranked, ({ index }) => index)
  return { length: order.length, at: (place) => order[place] as number }
}
