import type { Configuration } from '../../shared/domain/configuration.js'
import { axesOf } from './axes.js'
import { DesignStrategy } from './design.js'
import type { Chooser } from './design.js'
import { randomDesign } from './random.js'
import { refinements } from './simplex-tree.js'
import type { Lattice, LatticePoint, PointState } from './simplex-tree.js'
import type { Strategy, StrategyContext } from './strategy.js'

/**
 * Refines simplices between measured points, corners of every block first (simplex-tree.ts): what
 * python-adaptive does, here to be compared with. Points that no simplex has left over come last, at
 * random.
 */
export function createSimplex(context: StrategyContext): Strategy {
  const { space } = context
  const { blocks, loads, inputs, outputs } = axesOf(space)
  const measurements = new Map<number, ReadonlyMap<string, number>>()
  const log2 = (values: readonly number[]) => values.map(Math.log2)
  const axes = [log2(loads), log2(inputs), log2(outputs)] as const
  const indexOf = (block: Configuration, [load, input, output]: LatticePoint) =>
    space.indexOf({
      ...block,
      load: loads[load] as number,
      inputTokens: inputs[input] as number,
      outputTokens: outputs[output] as number,
    })

  const chooser: Chooser = {
    tell({ index, values }) {
      const measured = Object.entries(values).flatMap(([metric, { value }]) =>
        value > 0 ? [[metric, value] as const] : [],
      )
      if (measured.length > 0) measurements.set(index, new Map(measured))
    },
    begin(asker) {
      const lattices = blocks.map((block) => {
        const indices = new Map<number, number | undefined>()
        const at = (point: LatticePoint): number | undefined => {
          const [load, input, output] = point
          const cell = (load * inputs.length + input) * outputs.length + output
          if (!indices.has(cell)) indices.set(cell, indexOf(block, point))
          return indices.get(cell)
        }
        return { runnable: asker.canRun(block), at }
      })
      return (isOpen) => {
        let best: { index: number; loss: number } | undefined
        for (const { runnable, at } of lattices) {
          if (!runnable) continue
          const stateOf = (point: LatticePoint): PointState => {
            const index = at(point)
            if (index === undefined) return { settled: true }
            const values = measurements.get(index)
            const settled = !isOpen(index)
            return values === undefined ? { settled } : { settled, values }
          }
          const lattice: Lattice = { axes, stateOf }
          for (const { point, loss } of refinements(lattice)) {
            const index = at(point)
            if (index === undefined || !isOpen(index)) continue
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
