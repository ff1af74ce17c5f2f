/** A point of a lattice: its rank along load, input and output. */
export type LatticePoint = readonly [load: number, input: number, output: number]

/** Base-2 logarithms of the values along load, input and output, ascending. */
export type LatticeAxes = readonly [readonly number[], readonly number[], readonly number[]]

export type Simplex = readonly LatticePoint[]

export interface Split {
  readonly middle: LatticePoint
  readonly halves: readonly Simplex[]
}

const top = (axes: LatticeAxes): LatticePoint => [
  axes[0].length - 1,
  axes[1].length - 1,
  axes[2].length - 1,
]

/** Axes that have more than one value. */
const varyingAxes = (axes: LatticeAxes): number[] =>
  top(axes).flatMap((end, axis) => (end > 0 ? [axis] : []))

function withRank(point: LatticePoint, axis: number, rank: number): LatticePoint {
  const [load, input, output] = point
  return [axis === 0 ? rank : load, axis === 1 ? rank : input, axis === 2 ? rank : output]
}

export function boxCorners(axes: LatticeAxes): LatticePoint[] {
  return varyingAxes(axes).reduce<LatticePoint[]>(
    (corners, axis) => [
      ...corners,
      ...corners.map((corner) => withRank(corner, axis, top(axes)[axis] as number)),
    ],
    [[0, 0, 0]],
  )
}

/** One simplex per order in which the axes are walked from the lowest corner to the highest. */
export function kuhnSimplices(axes: LatticeAxes): Simplex[] {
  const walk = (path: Simplex, left: readonly number[]): Simplex[] =>
    left.length === 0
      ? [path]
      : left.flatMap((axis) => {
          const here = path.at(-1) as LatticePoint
          const next = withRank(here, axis, top(axes)[axis] as number)
          return walk(
            [...path, next],
            left.filter((other) => other !== axis),
          )
        })
  return walk([[0, 0, 0]], varyingAxes(axes))
}

/** Edges, longest first; every axis scaled to its whole extent. */
function edgesOf(axes: LatticeAxes, simplex: Simplex) {
  return simplex
    .flatMap((a, i) => simplex.slice(i + 1).map((b) => ({ a, b, length: edgeLength(axes, a, b) })))
    .sort((one, other) => other.length - one.length)
}

function edgeLength(axes: LatticeAxes, a: LatticePoint, b: LatticePoint): number {
  return Math.hypot(
    ...axes.map((values, axis) => {
      const extent = (values.at(-1) as number) - (values[0] as number) || 1
      return (
        ((values[a[axis] as number] as number) - (values[b[axis] as number] as number)) / extent
      )
    }),
  )
}

export const longestEdge = (axes: LatticeAxes, simplex: Simplex): number =>
  edgesOf(axes, simplex)[0]?.length ?? 0

/**
 * The longest edge whose middle, rounded to the lattice, cuts the simplex into two that are smaller
 * and not flat; undefined when none does.
 */
export function splitOf(axes: LatticeAxes, simplex: Simplex): Split | undefined {
  const volume = rankVolume(axes, simplex)
  for (const { a, b } of edgesOf(axes, simplex)) {
    const middle: LatticePoint = [(a[0] + b[0]) >> 1, (a[1] + b[1]) >> 1, (a[2] + b[2]) >> 1]
    const halves = [a, b].map((end) => simplex.map((vertex) => (vertex === end ? middle : vertex)))
    const shrinks = halves.every((half) => {
      const part = rankVolume(axes, half)
      return part > 0 && part < volume
    })
    if (shrinks) return { middle, halves }
  }
  return undefined
}

/** Volume in ranks, times the factorial of the dimension: a whole number. */
function rankVolume(axes: LatticeAxes, simplex: Simplex): number {
  const varying = varyingAxes(axes)
  const origin = simplex[0] as LatticePoint
  const rows = simplex
    .slice(1)
    .map((vertex) => varying.map((axis) => (vertex[axis] as number) - (origin[axis] as number)))
  return Math.abs(determinant(rows))
}

/** By the first row; the matrices here have three rows at most. */
function determinant(rows: readonly (readonly number[])[]): number {
  const [first, ...rest] = rows
  if (first === undefined) return 1
  return first.reduce((sum, value, column) => {
    const minor = rest.map((row) => row.filter((_, other) => other !== column))
    return value === 0 ? sum : sum + (column % 2 === 0 ? 1 : -1) * value * determinant(minor)
  }, 0)
}
