import { expect, it } from 'vitest'
import {
  cellsOf,
  firstLook,
  gridOf,
  isInfeasible,
  lineOf,
  markOf,
  placesOf,
  uncertaintyAt,
} from '../../../../coordinator/dashboard/surface/grid.js'

const axis = (name: string, values: (string | number)[]) => ({
  name,
  label: name,
  unit: '',
  values,
})
const space = {
  configurations: 5,
  axes: [axis('hardware', ['H100', 'A100']), axis('batch', [1, 2, 4]), axis('input', [8])],
}
// H100 at every batch; A100 at 1 and 4 only.
const places = placesOf(space, Uint32Array.of(0, 1, 2, 3, 5))

it('finds configurations by their digits, and none where the space has none', () => {
  expect(places.indexAt([0, 2, 0])).toBe(2)
  expect(places.indexAt([1, 2, 0])).toBe(4)
  expect(places.indexAt([1, 1, 0])).toBe(-1)
})

it('looks at the two longest axes of numbers first, held in the middle', () => {
  expect(firstLook(space)).toEqual({ x: 1, y: 2, digits: [0, 1, 0] })
})

it('lays the cells in view out row by row, and lines through the cursor', () => {
  const look = { x: 1, y: 0, digits: [1, 1, 0] }
  expect([...cellsOf(places, look)]).toEqual([0, 1, 2, 3, -1, 4])
  expect(lineOf(places, look, 0)).toEqual([1, -1])
  expect(lineOf(places, look, 1)).toEqual([3, -1, 4])
})

it('reads a surface as the coordinator writes it', () => {
  const bytes = new ArrayBuffer(28)
  new Float32Array(bytes).set([10, NaN, 9, NaN, 11, NaN])
  new Uint8Array(bytes, 24).set([100, 49, 2, 4])
  const grid = gridOf('ttft', 7, bytes)
  expect([...grid.value]).toEqual([10, NaN])
  expect(uncertaintyAt(grid, 0)).toBeCloseTo(0.1)
  expect(uncertaintyAt(grid, 1)).toBeNaN()
  expect([isInfeasible(grid, 0), isInfeasible(grid, 1)]).toEqual([false, true])
  expect([markOf(grid, 0), markOf(grid, 1)]).toEqual(['audit', 'infeasible'])
})
