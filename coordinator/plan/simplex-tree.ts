import { boxCorners, kuhnSimplices, longestEdge, splitOf } from './simplex-geometry.js'
import type { LatticeAxes, LatticePoint, Simplex } from './simplex-geometry.js'

/** What is known of a lattice’s points, which go by number: see {@link SimplexTree.pointAt}. */
export interface LatticeKnowledge {
  /** Needs no measuring: measured, known to fail, under way, or not in the space. */
  isSettled(point: number): boolean
  /** What was measured there, by metric; positive. */
  valuesAt(point: number): ReadonlyMap<string, number> | undefined
}

export interface Refinement {
  readonly point: number
  /** What splitting its simplex there promises; Infinity for a corner of the whole. */
  readonly loss: number
}

/** Log range that even a flat simplex is taken to have, so that large ones are split too. */
const flatness = 0.02

interface Node {
  readonly simplex: Simplex
  readonly points: readonly number[]
  readonly size: number
  readonly parent: Node | undefined
  /** Where it may be cut; computed when first needed, the same for ever. */
  split?: { readonly middle: number; readonly halves: readonly Node[] } | 'atom'
}

/**
 * Where to measure next by simplex refinement, in the manner of python-adaptive’s LearnerND: the box
 * is cut into Kuhn’s simplices; the simplex with the greatest loss, its longest edge times the range
 * of the log values at its corners, is halved at the middle of that edge. Which simplices exist
 * follows from which points are settled alone, so the order of results leaves no trace.
 */
export class SimplexTree {
  readonly #axes: LatticeAxes
  readonly #corners: readonly number[]
  readonly #roots: readonly Node[]

  constructor(axes: LatticeAxes) {
    this.#axes = axes
    this.#corners = boxCorners(axes).map((corner) => this.#numberOf(corner))
    this.#roots = kuhnSimplices(axes).map((simplex) => this.#node(simplex, undefined))
  }

  /** Ranks of a point by its number. */
  pointAt(point: number): LatticePoint {
    const [, inputs, outputs] = this.#axes
    const rest = Math.floor(point / outputs.length)
    return [Math.floor(rest / inputs.length), rest % inputs.length, point % outputs.length]
  }

  /** Candidates in no order; none when no simplex can be split any more. */
  refinements(knowledge: LatticeKnowledge): Refinement[] {
    const open = this.#corners.filter((corner) => !knowledge.isSettled(corner))
    if (open.length > 0) return open.map((point) => ({ point, loss: Infinity }))
    const found: Refinement[] = []
    const stack = [...this.#roots]
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const split = this.#split(node)
      if (split === 'atom') continue
      if (knowledge.isSettled(split.middle)) stack.push(...split.halves)
      else found.push({ point: split.middle, loss: lossOf(node, knowledge) })
    }
    return found
  }

  #split(node: Node): Exclude<Node['split'], undefined> {
    if (node.split === undefined) {
      const split = splitOf(this.#axes, node.simplex)
      node.split =
        split === undefined
          ? 'atom'
          : {
              middle: this.#numberOf(split.middle),
              halves: split.halves.map((half) => this.#node(half, node)),
            }
    }
    return node.split
  }

  #node(simplex: Simplex, parent: Node | undefined): Node {
    return {
      simplex,
      points: simplex.map((vertex) => this.#numberOf(vertex)),
      size: longestEdge(this.#axes, simplex),
      parent,
    }
  }

  #numberOf([load, input, output]: LatticePoint): number {
    const [, inputs, outputs] = this.#axes
    return (load * inputs.length + input) * outputs.length + output
  }
}

/** Of the nearest ancestor, itself included, of which two corners were measured. */
function lossOf(node: Node, knowledge: LatticeKnowledge): number {
  for (let each: Node | undefined = node; each !== undefined; each = each.parent) {
    const measured = each.points.flatMap((point) => knowledge.valuesAt(point) ?? [])
    if (measured.length >= 2) return node.size * (flatness + logRange(measured))
  }
  // Nothing is known: the larger the better, before all that is known.
  return Number.MAX_SAFE_INTEGER * node.size
}

/** The widest range over the metrics, as a logarithm. */
function logRange(measured: readonly ReadonlyMap<string, number>[]): number {
  let range = 0
  for (const metric of measured[0]?.keys() ?? []) {
    let low = Infinity
    let high = 0
    for (const values of measured) {
      const value = values.get(metric) ?? NaN
      low = value < low ? value : low
      high = value > high ? value : high
    }
    // The ratio first: it does not depend on the metric’s unit, not even in its last bit.
    if (high > 0) range = Math.max(range, Math.log(high / low))
  }
  return range
}
