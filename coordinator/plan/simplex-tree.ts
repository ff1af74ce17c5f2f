/** A point of a block’s lattice: the ranks of its load, input and output. */
export type LatticePoint = readonly [load: number, input: number, output: number]

/** What is known of a lattice point. */
export interface PointState {
  /** Needs no measuring: measured, known to fail, under way, or not in the space. */
  readonly settled: boolean
  /** What was measured there, by metric; positive. */
  readonly values?: ReadonlyMap<string, number>
}

export interface Lattice {
  /** Base-2 logarithms of the values along load, input and output. */
  readonly axes: readonly [readonly number[], readonly number[], readonly number[]]
  readonly stateOf: (point: LatticePoint) => PointState
}

export interface Refinement {
  readonly point: LatticePoint
  /** What splitting its simplex there promises; Infinity for a corner of the whole. */
  readonly loss: number
}

type Simplex = readonly LatticePoint[]

/** Log range that even a flat simplex is taken to have, so that large ones are split too. */
const flatness = 0.02

/**
 * Where to measure next by simplex refinement, in the manner of python-adaptive’s LearnerND: the box
 * is cut into Kuhn’s simplices; the simplex with the greatest loss, its size times the range of the
 * log values at its corners, is halved at the middle of its longest edge. Which simplices exist
 * follows from which points are settled alone, so the order of results leaves no trace.
 *
 * @returns candidates in no order; none when no simplex can be split any more.
 */
export function refinements(lattice: Lattice): Refinement[] {
  const found: Refinement[] = []
  for (const corner of boxCorners(lattice)) {
    if (!lattice.stateOf(corner).settled) found.push({ point: corner, loss: Infinity })
  }
  if (found.length > 0) return found
  const stack = kuhnSimplices(lattice).map((simplex) => ({ simplex, inherited: Infinity }))
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const { simplex, inherited } = node
    const split = middleOfLongestEdge(lattice, simplex)
    if (split === undefined) continue
    const loss = Math.min(lossOf(lattice, simplex) ?? Infinity, inherited)
    if (!lattice.stateOf(split.middle).settled) found.push({ point: split.middle, loss })
    else {
      for (const end of split.ends) {
        const half = simplex.map((vertex) => (vertex === end ? split.middle : vertex))
        stack.push({ simplex: half, inherited: loss })
      }
    }
  }
  return found
}

const top = ({ axes }: Lattice): LatticePoint => [
  axes[0].length - 1,
  axes[1].length - 1,
  axes[2].length - 1,
]

/** Axes that have more than one value. */
const varyingAxes = (lattice: Lattice): number[] =>
  top(lattice).flatMap((end, axis) => (end > 0 ? [axis] : []))

function withRank(point: LatticePoint, axis: number, rank: number): LatticePoint {
  const [load, input, output] = point
  return [axis === 0 ? rank : load, axis === 1 ? rank : input, axis === 2 ? rank : output]
}

function boxCorners(lattice: Lattice): LatticePoint[] {
  return varyingAxes(lattice).reduce<LatticePoint[]>(
    (corners, axis) => [
      ...corners,
      ...corners.map((corner) => withRank(corner, axis, top(lattice)[axis] as number)),
    ],
    [[0, 0, 0]],
  )
}

/** One simplex per order in which the axes are walked from the lowest corner to the highest. */
function kuhnSimplices(lattice: Lattice): Simplex[] {
  const walk = (path: Simplex, left: readonly number[]): Simplex[] =>
    left.length === 0
      ? [path]
      : left.flatMap((axis) => {
          const here = path.at(-1) as LatticePoint
          const next = withRank(here, axis, top(lattice)[axis] as number)
          return walk(
            [...path, next],
            left.filter((other) => other !== axis),
          )
        })
  return walk([[0, 0, 0]], varyingAxes(lattice))
}

/** Length of an edge, every axis scaled to its whole extent. */
function edgeLength({ axes }: Lattice, a: LatticePoint, b: LatticePoint): number {
  return Math.hypot(
    ...axes.map((values, axis) => {
      const extent = (values.at(-1) as number) - (values[0] as number) || 1
      return (
        ((values[a[axis] as number] as number) - (values[b[axis] as number] as number)) / extent
      )
    }),
  )
}

interface Split {
  readonly middle: LatticePoint
  readonly ends: readonly [LatticePoint, LatticePoint]
}

/** The longest edge that has a lattice point between its ends; undefined when none has. */
function middleOfLongestEdge(lattice: Lattice, simplex: Simplex): Split | undefined {
  let best: Split | undefined
  let longest = 0
  simplex.forEach((a, i) => {
    for (const b of simplex.slice(i + 1)) {
      const length = edgeLength(lattice, a, b)
      if (length <= longest) continue
      const middle = a.map(
        (rank, axis) => (rank + (b[axis] as number)) >> 1,
      ) as unknown as LatticePoint
      if (simplex.some((vertex) => vertex.every((rank, axis) => rank === middle[axis]))) continue
      best = { middle, ends: [a, b] }
      longest = length
    }
  })
  return best
}

/** Undefined while fewer than two of its corners were measured. */
function lossOf(lattice: Lattice, simplex: Simplex): number | undefined {
  const measured = simplex.flatMap((vertex) => lattice.stateOf(vertex).values ?? [])
  if (measured.length < 2) return undefined
  const metrics = new Set(measured.flatMap((values) => [...values.keys()]))
  let range = 0
  for (const metric of metrics) {
    const values = measured.flatMap((each) => each.get(metric) ?? [])
    // The ratio first: it does not depend on the metric’s unit, not even in its last bit.
    range = Math.max(range, Math.log(Math.max(...values) / Math.min(...values)))
  }
  let size = 0
  simplex.forEach((a, i) => {
    for (const b of simplex.slice(i + 1)) size = Math.max(size, edgeLength(lattice, a, b))
  })
  return size * (flatness + range)
}
