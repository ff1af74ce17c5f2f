/** Allows `perSecond` on average and `atOnce` in one go. Time is an argument, in seconds. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #atOnce: number
  #left: number
  #at: number | undefined

  constructor(perSecond: number, atOnce: number) {
    this.#perSecond = perSecond
    this.#atOnce = atOnce
    this.#left = atOnce
  }

  /** False when there is none left: nothing is taken then. */
  take(nowSeconds: number): boolean {
    this.#fill(nowSeconds)
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }

  /** True when nothing was taken for so long that a new bucket would be the same. */
  isFull(nowSeconds: number): boolean {
    this.#fill(nowSeconds)
    return this.#left >= this.#atOnce
  }

  #fill(nowSeconds: number): void {
    const passed = Math.max(0, nowSeconds - (this.#at ?? nowSeconds))
    this.#left = Math.min(this.#atOnce, this.#left + passed * this.#perSecond)
    this.#at = nowSeconds
  }
}

/** Above this many buckets that are remembered, those that are full again are forgotten. */
const remembered = 1024

/** A bucket for each of many, made when it is first asked for. */
export class TokenBuckets {
  readonly #perSecond: number
  readonly #atOnce: number
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(perSecond: number, atOnce: number) {
    this.#perSecond = perSecond
    this.#atOnce = atOnce
  }

  /** Takes a token of that one; false when it has none. */
  take(key: string, now: number): boolean {
    let bucket = this.#buckets.get(key)
    if (bucket === undefined) {
      if (this.#buckets.size >= remembered) this.#forgetFull(now)
      bucket = new TokenBucket(this.#perSecond, this.#atOnce)
      this.#buckets.set(key, bucket)
    }
    return bucket.take(now)
  }

  #forgetFull(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (bucket.isFull(now)) this.#buckets.delete(key)
    }
  }
}
