import type { PointSequence } from '../../shared/stats/sobol.js'
import { SeededOrder } from '../model/universe.js'
import { axesOf } from './axes.js'
import type { Design } from './design.js'
import type { StrategyContext } from './strategy.js'

/** Points in a row that hit nothing new before the design gives up on the sequence. */
const missLimit = 256

/**
 * Points of the unit cube as configurations: every coordinate chooses an axis’s value by rank. A
 * point outside the space, or on what came before, is passed over; when points find nothing new any
 * more, the rest of the space follows in a seeded random order.
 *
 * @param open a sequence of the dimensions given: one per axis that has more than one value.
 */
export function cubeDesign(
  { space, seed }: StrategyContext,
  open: (dimensions: number) => PointSequence,
  why: string,
): Design {
  const { blocks, loads, inputs, outputs } = axesOf(space)
  const lengths = [blocks, loads, inputs, outputs].map(({ length }) => length)
  const varying = lengths.flatMap((length, axis) => (length > 1 ? [axis] : []))
  const sequence = open(Math.max(1, varying.length))
  const rest = new SeededOrder(space.size, seed)
  const order: number[] = []
  const placed = new Set<number>()
  let restPlace = 0
  let fromSequence = Infinity

  const indexOf = (point: readonly number[]): number | undefined => {
    const ranks = [0, 0, 0, 0]
    varying.forEach((axis, d) => {
      ranks[axis] = Math.floor((point[d] as number) * (lengths[axis] as number))
    })
    const [block = 0, load = 0, input = 0, output = 0] = ranks
    return space.indexOf({
      ...(blocks[block] as (typeof blocks)[number]),
      load: loads[load] as number,
      inputTokens: inputs[input] as number,
      outputTokens: outputs[output] as number,
    })
  }
  const place = (index: number): void => {
    placed.add(index)
    order.push(index)
  }
  const grow = (): void => {
    for (let miss = 0; order.length < fromSequence && miss < missLimit; miss += 1) {
      const index = indexOf(sequence.next())
      if (index === undefined || placed.has(index)) continue
      place(index)
      return
    }
    fromSequence = Math.min(fromSequence, order.length)
    while (placed.has(rest.at(restPlace))) restPlace += 1
    place(rest.at(restPlace))
  }
  return {
    length: space.size,
    at(wanted) {
      while (order.length <= wanted) grow()
      return order[wanted]
    },
    why: (wanted) => (wanted < fromSequence ? why : 'uniformly random: the points are used up'),
  }
}
