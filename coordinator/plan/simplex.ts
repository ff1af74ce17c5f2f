import type { Configuration } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'
import { axesOf } from './axes.js'
import type { Axes } from './axes.js'
import { DesignStrategy } from './design.js'
import type { Chooser } from './design.js'
import { randomDesign } from './random.js'
import { SimplexTree } from './simplex-tree.js'
import type { Strategy, StrategyContext } from './strategy.js'

/** One block’s simplices, and which configurations their corners are. */
class BlockSimplices {
  readonly block: Configuration
  readonly tree: SimplexTree
  readonly #space: Space
  readonly #axes: Axes
  readonly #indices = new Map<number, number | undefined>()

  constructor(space: Space, axes: Axes, block: Configuration) {
    this.block = block
    this.#space = space
    this.#axes = axes
    const { loads, inputs, outputs } = axes
    this.tree = new SimplexTree([
      loads.map(Math.log2),
      inputs.map(Math.log2),
      outputs.map(Math.log2),
    ])
  }

  /** Undefined where the space has a hole. */
  indexOf(point: number): number | undefined {
    if (!this.#indices.has(point)) this.#indices.set(point, this.#find(point))
    return this.#indices.get(point)
  }

  #find(point: number): number | undefined {
    const [load, input, output] = this.tree.pointAt(point)
    const { loads, inputs, outputs } = this.#axes
    return this.#space.indexOf({
      ...this.block,
      load: loads[load] as number,
      inputTokens: inputs[input] as number,
      outputTokens: outputs[output] as number,
    })
  }
}

/**
 * Refines simplices between measured points, corners of every block first (simplex-tree.ts): what
 * python-adaptive does, here to be compared with. Points that no simplex has left over come last, at
 * random.
 */
export function createSimplex(context: StrategyContext): Strategy {
  const { space } = context
  const axes = axesOf(space)
  const blocks = axes.blocks.map((block) => new BlockSimplices(space, axes, block))
  const measurements = new Map<number, ReadonlyMap<string, number>>()

  const chooser: Chooser = {
    tell({ index, values }) {
      const measured = Object.entries(values).flatMap(([metric, { value }]) =>
        value > 0 ? [[metric, value] as const] : [],
      )
      if (measured.length > 0) measurements.set(index, new Map(measured))
    },
    begin(asker) {
      const runnable = blocks.filter(({ block }) => asker.canRun(block))
      return (isOpen) => {
        let best: { index: number; loss: number } | undefined
        for (const simplices of runnable) {
          const isSettled = (point: number): boolean => {
            const index = simplices.indexOf(point)
            return index === undefined || !isOpen(index)
          }
          const valuesAt = (point: number) => {
            const index = simplices.indexOf(point)
            return index === undefined ? undefined : measurements.get(index)
          }
          for (const { point, loss } of simplices.tree.refinements({ isSettled, valuesAt })) {
            const index = simplices.indexOf(point) as number
            const isBetter =
              best === undefined || loss > best.loss || (loss === best.loss && index < best.index)
            if (isBetter) best = { index, loss }
          }
        }
        if (best === undefined) return undefined
        return {
          index: best.index,
          why:
            best.loss === Infinity
              ? 'a corner of its block'
              : 'halves the simplex whose corners differ most for its size',
        }
      }
    },
  }
  const last = randomDesign(context, 'uniformly random: no simplex is left to split')
  return new DesignStrategy('simplex', context, last, chooser)
}
