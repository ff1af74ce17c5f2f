import { createRandom } from '../../../shared/stats/random.js'

/**
 * At most `limit` of the items, in order: one drawn at random out of each of `limit` equal
 * stretches, so that no part of the whole is left out. The same seed draws the same items.
 */
export function evenSample<T>(items: readonly T[], limit: number, seed: number): readonly T[] {
  if (items.length <= limit) return items
  const random = createRandom(seed).fork('even-sample')
  return Array.from({ length: limit }, (_, stretch) => {
    const first = Math.floor((stretch * items.length) / limit)
    const end = Math.floor(((stretch + 1) * items.length) / limit)
    return items[first + random.below(end - first)] as T
  })
}
