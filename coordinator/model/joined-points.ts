import type { LinearisedPoints } from './covariance.js'

/** @param result as long as both, and nothing in it yet. */
function both<T extends Float64Array | Int32Array | Uint32Array>(result: T, a: T, b: T): T {
  result.set(a)
  result.set(b, a.length)
  return result
}

const concat = (a: Float64Array, b: Float64Array): Float64Array =>
  both(new Float64Array(a.length + b.length), a, b)
const concatInts = (a: Int32Array, b: Int32Array): Int32Array =>
  both(new Int32Array(a.length + b.length), a, b)

/** The points of `a`, then those of `b`. */
export function joined(a: LinearisedPoints, b: LinearisedPoints): LinearisedPoints {
  return {
    terms: a.terms,
    slopes: concat(a.slopes, b.slopes),
    points: {
      count: a.points.count + b.points.count,
      indices: both(
        new Uint32Array(a.points.count + b.points.count),
        a.points.indices,
        b.points.indices,
      ),
      x: concat(a.points.x, b.points.x),
      pressure: concat(a.points.pressure, b.points.pressure),
      keys: concatInts(a.points.keys, b.points.keys),
      origins: concatInts(a.points.origins, b.points.origins),
      buckets: concatInts(a.points.buckets, b.points.buckets),
    },
  }
}
