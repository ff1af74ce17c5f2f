import type { Interval } from '../domain/meta-metrics.js'

/** A histogram as plain data: sparse, buckets ascending. */
export interface SerialisedHistogram {
  readonly relativeError: number
  readonly zeros: number
  /** Null in an empty histogram. */
  readonly min: number | null
  readonly max: number | null
  readonly buckets: readonly (readonly [index: number, count: number])[]
}

/**
 * A mergeable histogram of non-negative numbers with logarithmic buckets (as HDR Histogram and
 * DDSketch): bucket i holds (g^(i-1), g^i] with g = (1 + e) / (1 - e), so that every value is known
 * within the relative error e. Merging is exact, hence associative and commutative.
 */
export class Histogram {
  readonly relativeError: number
  readonly #growth: number
  readonly #counts = new Map<number, number>()
  #zeros = 0
  #count = 0
  #min = Infinity
  #max = -Infinity

  /** @throws RangeError for a relative error outside (0, 1). */
  constructor(relativeError = 0.005) {
    if (!(relativeError > 0 && relativeError < 1)) {
      throw new RangeError('a histogram’s relative error lies inside 0 to 1')
    }
    this.relativeError = relativeError
    this.#growth = (1 + relativeError) / (1 - relativeError)
  }

  get count(): number {
    return this.#count
  }

  /** Infinity when empty. */
  get min(): number {
    return this.#min
  }

  /** -Infinity when empty. */
  get max(): number {
    return this.#max
  }

  /** @throws RangeError for a negative or infinite value. */
  record(value: number, count = 1): void {
    if (!(value >= 0 && value < Infinity)) {
      throw new RangeError(`a histogram holds finite numbers from 0, not ${value}`)
    }
    if (value === 0) this.#zeros += count
    else this.#add(this.#bucketOf(value), count)
    this.#count += count
    this.#min = Math.min(this.#min, value)
    this.#max = Math.max(this.#max, value)
  }

  /**
   * A new histogram of both’s values.
   *
   * @throws RangeError when their relative errors differ.
   */
  merge(other: Histogram): Histogram {
    if (other.relativeError !== this.relativeError) {
      throw new RangeError('histograms of unlike relative errors do not merge')
    }
    const merged = new Histogram(this.relativeError)
    for (const part of [this, other]) {
      for (const [index, count] of part.#counts) merged.#add(index, count)
      merged.#zeros += part.#zeros
      merged.#count += part.#count
      merged.#min = Math.min(merged.#min, part.#min)
      merged.#max = Math.max(merged.#max, part.#max)
    }
    return merged
  }

  /**
   * The smallest recorded value that a share `q` of the values do not exceed (nearest rank), with
   * bounds that hold it for certain.
   *
   * @returns undefined when empty.
   */
  quantile(q: number): Interval | undefined {
    if (this.#count === 0) return undefined
    const rank = Math.min(Math.max(Math.ceil(q * this.#count), 1), this.#count)
    let seen = this.#zeros
    if (rank <= seen) return { value: 0, low: 0, high: 0 }
    for (const [index, count] of this.#ascending()) {
      seen += count
      if (rank <= seen) return this.#bucket(index)
    }
    return { value: this.#max, low: this.#max, high: this.#max }
  }

  /** Mean within the relative error; NaN when empty. */
  mean(): number {
    const sum = this.#ascending().reduce(
      (total, [index, count]) => total + this.#bucket(index).value * count,
      0,
    )
    return sum / this.#count
  }

  serialise(): SerialisedHistogram {
    const empty = this.#count === 0
    return {
      relativeError: this.relativeError,
      zeros: this.#zeros,
      min: empty ? null : this.#min,
      max: empty ? null : this.#max,
      buckets: this.#ascending(),
    }
  }

  static from(serialised: SerialisedHistogram): Histogram {
    const histogram = new Histogram(serialised.relativeError)
    for (const [index, count] of serialised.buckets) {
      histogram.#add(index, count)
      histogram.#count += count
    }
    histogram.#zeros = serialised.zeros
    histogram.#count += serialised.zeros
    histogram.#min = serialised.min ?? Infinity
    histogram.#max = serialised.max ?? -Infinity
    return histogram
  }

  #add(index: number, count: number): void {
    this.#counts.set(index, (this.#counts.get(index) ?? 0) + count)
  }

  #ascending(): (readonly [number, number])[] {
    return [...this.#counts].sort(([a], [b]) => a - b)
  }

  #bucketOf(value: number): number {
    let index = Math.ceil(Math.log(value) / Math.log(this.#growth))
    // The logarithm may round across an edge: the edges themselves decide.
    while (this.#growth ** index < value) index += 1
    while (this.#growth ** (index - 1) >= value) index -= 1
    return index
  }

  /** A bucket’s range, and the value whose relative distance to both ends is the same. */
  #bucket(index: number): Interval {
    const low = Math.max(this.#growth ** (index - 1), this.#min)
    const high = Math.min(this.#growth ** index, this.#max)
    return { value: low * (2 / (1 + low / high)), low, high }
  }
}
