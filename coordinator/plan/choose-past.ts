import { blockKey } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import { mergedPast, sortedPast } from '../../shared/domain/past.js'
import type { PastRow } from '../../shared/domain/past.js'
import { createRandom } from '../../shared/stats/random.js'

/** Rows that a sweep starts from at most: each makes every choice a little slower. */
export const mostPastRows = 120

const axes: readonly ((configuration: Configuration) => number)[] = [
  ({ load }) => Math.log2(load),
  ({ inputTokens }) => Math.log2(inputTokens),
  ({ outputTokens }) => Math.log2(outputTokens),
  ({ tensorParallel }) => Math.log2(tensorParallel),
]

/** Squared distance that two rows of different blocks have besides; 1 is the whole range of an axis. */
const otherBlock = 1

/**
 * Rows that fill the space of all of them: each is the one farthest from those before, beginning with
 * one by chance. The order of what is given does not matter.
 */
export function choosePast(
  rows: readonly PastRow[],
  seed: number,
  limit = mostPastRows,
): PastRow[] {
  const sorted = sortedPast(mergedPast(rows))
  if (sorted.length <= limit) return sorted
  const places = placesOf(sorted)
  const blocks = blockNumbers(sorted)
  const nearest = new Float64Array(sorted.length).fill(Infinity)
  const chosen = new Set<number>()
  let next = createRandom(seed).fork('past').below(sorted.length)
  while (chosen.size < limit) {
    chosen.add(next)
    nearest[next] = 0
    let farthest = next
    for (let row = 0; row < sorted.length; row += 1) {
      let squared = blocks[row] === blocks[next] ? 0 : otherBlock
      for (let d = 0; d < axes.length; d += 1) {
        const gap =
          (places[row * axes.length + d] as number) - (places[next * axes.length + d] as number)
        squared += gap * gap
      }
      if (squared < (nearest[row] as number)) nearest[row] = squared
      if ((nearest[row] as number) > (nearest[farthest] as number)) farthest = row
    }
    next = farthest
  }
  return sorted.filter((_, row) => chosen.has(row))
}

/** Axes scaled to 0…1 over all rows, one row after the other. */
function placesOf(rows: readonly PastRow[]): Float64Array {
  const places = new Float64Array(rows.length * axes.length)
  axes.forEach((axis, d) => {
    const values = rows.map(({ configuration }) => axis(configuration))
    const low = values.reduce((least, value) => Math.min(least, value), Infinity)
    const high = values.reduce((most, value) => Math.max(most, value), -Infinity)
    values.forEach((value, row) => {
      places[row * axes.length + d] = high > low ? (value - low) / (high - low) : 0
    })
  })
  return places
}

function blockNumbers(rows: readonly PastRow[]): Int32Array {
  const numbers = new Map<string, number>()
  return Int32Array.from(rows, ({ origin, configuration }) => {
    const key = JSON.stringify([origin, blockKey(configuration)])
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  })
}
