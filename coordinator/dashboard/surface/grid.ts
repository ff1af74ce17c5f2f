import { markCodes } from '../../service/http/api.js'
import type { SpaceView, SurfaceMark } from '../../service/http/api.js'

/** Below this probability of running a configuration is drawn as infeasible, as in the report. */
const infeasibleBelow = 50

/** One metric over a whole space, by number of the configuration. */
export interface Grid {
  readonly metric: string
  readonly revision: number
  readonly value: Float32Array
  readonly low: Float32Array
  readonly high: Float32Array
  /** Hundredths. */
  readonly feasible: Uint8Array
  readonly marks: Uint8Array
}

/** @param bytes as the coordinator tells a surface: value, low, high, feasible, marks. */
export function gridOf(metric: string, revision: number, bytes: ArrayBuffer): Grid {
  const count = bytes.byteLength / 14
  return {
    metric,
    revision,
    value: new Float32Array(bytes, 0, count),
    low: new Float32Array(bytes, 4 * count, count),
    high: new Float32Array(bytes, 8 * count, count),
    feasible: new Uint8Array(bytes, 12 * count, count),
    marks: new Uint8Array(bytes, 13 * count, count),
  }
}

export const isInfeasible = (grid: Grid, index: number): boolean =>
  (grid.feasible[index] ?? 0) < infeasibleBelow

export const markOf = (grid: Grid, index: number): SurfaceMark | undefined =>
  markCodes[(grid.marks[index] ?? 0) - 1]

/** Half the interval over the value; NaN where it is not known. */
export function uncertaintyAt(grid: Grid, index: number): number {
  const [value, low, high] = [grid.value[index], grid.low[index], grid.high[index]]
  if (value === undefined || low === undefined || high === undefined) return NaN
  return (high - low) / 2 / Math.abs(value)
}

/** Finds configurations by their place on the axes. */
export interface Places {
  readonly space: SpaceView
  /** Number of the configuration at these digits, one per axis; -1 where the space has none. */
  readonly indexAt: (digits: readonly number[]) => number
}

export function placesOf(space: SpaceView, places: Uint32Array): Places {
  const radices = space.axes.map(({ values }) => values.length)
  const byPlace = new Map<number, number>()
  places.forEach((place, index) => byPlace.set(place, index))
  return {
    space,
    indexAt: (digits) =>
      byPlace.get(radices.reduce((place, radix, axis) => place * radix + (digits[axis] ?? 0), 0)) ??
      -1,
  }
}

/** What is looked at: two axes in view, a value fixed on every other. */
export interface Look {
  readonly x: number
  readonly y: number
  /** A digit per axis; those of x and y are where the cursor is. */
  readonly digits: readonly number[]
}

/** Numbers of the configurations in view, row by row from the least y; -1 where there is none. */
export function cellsOf({ space, indexAt }: Places, look: Look): Int32Array {
  const width = space.axes[look.x]?.values.length ?? 0
  const height = space.axes[look.y]?.values.length ?? 0
  const cells = new Int32Array(width * height)
  const digits = [...look.digits]
  for (let row = 0; row < height; row += 1) {
    digits[look.y] = row
    for (let column = 0; column < width; column += 1) {
      digits[look.x] = column
      cells[row * width + column] = indexAt(digits)
    }
  }
  return cells
}

/** Numbers of the configurations on a line along an axis through the cursor. */
export function lineOf(places: Places, look: Look, axis: number): number[] {
  const digits = [...look.digits]
  return (places.space.axes[axis]?.values ?? []).map((_, digit) => {
    digits[axis] = digit
    return places.indexAt(digits)
  })
}

/** The two longest axes of numbers, and the middle of all others. */
export function firstLook(space: SpaceView): Look {
  const lengths = space.axes
    .map(({ values }, axis) => ({
      axis,
      length: values.length,
      number: typeof values[0] === 'number',
    }))
    .sort((a, b) => Number(b.number) - Number(a.number) || b.length - a.length)
  return {
    x: lengths[0]?.axis ?? 0,
    y: lengths[1]?.axis ?? 0,
    digits: space.axes.map(({ values }) => Math.floor((values.length - 1) / 2)),
  }
}
