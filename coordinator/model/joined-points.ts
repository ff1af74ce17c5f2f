import type { LinearisedPoints } from './covariance.js'

function concat(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length + b.length)
  result.set(a)
  result.set(b, a.length)
  return result
}

function concatInts(a: Int32Array, b: Int32Array): Int32Array {
  const result = new Int32Array(a.length + b.length)
  result.set(a)
  result.set(b, a.length)
  return result
}

/** The points of `a`, then those of `b`. */
export function joined(a: LinearisedPoints, b: LinearisedPoints): LinearisedPoints {
  return {
    terms: a.terms,
    slopes: concat(a.slopes, b.slopes),
    points: {
      count: a.points.count + b.points.count,
      indices: Uint32Array.from([...a.points.indices, ...b.points.indices]),
      x: concat(a.points.x, b.points.x),
      pressure: concat(a.points.pressure, b.points.pressure),
      keys: concatInts(a.points.keys, b.points.keys),
      buckets: concatInts(a.points.buckets, b.points.buckets),
    },
  }
}
