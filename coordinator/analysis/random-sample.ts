import type { Random } from '../../shared/stats/random.js'

/**
 * Draws from 0 … size-1 uniformly without replacement, one after another (Fisher-Yates over a sparse
 * deck). The first draws do not depend on how many follow: a larger sample of the same seed holds
 * the smaller one.
 */
export function* drawWithoutReplacement(size: number, random: Random): Generator<number> {
  const moved = new Map<number, number>()
  for (let place = 0; place < size; place += 1) {
    const other = place + random.below(size - place)
    yield moved.get(other) ?? other
    moved.set(other, moved.get(place) ?? place)
    moved.delete(place)
  }
}
