import type { PastRow } from '../../shared/domain/past.js'
import type { Space } from '../../shared/domain/space.js'
import { Encoding } from './encoding.js'

/** How the configurations of a space are seen, and those of past sweeps beside them where there are any. */
export class Encodings {
  readonly own: Encoding
  readonly withPast: Encoding | undefined

  private constructor(own: Encoding, withPast: Encoding | undefined) {
    this.own = own
    this.withPast = withPast
  }

  /** @param universe indices that stand for the whole space. */
  static of(space: Space, universe: Uint32Array, past: readonly PastRow[]): Encodings {
    const own = Encoding.of(space, universe)
    return new Encodings(own, past.length === 0 ? undefined : Encoding.of(space, universe, past))
  }

  /** Ones that hear of engines for themselves. */
  copy(): Encodings {
    return new Encodings(this.own.copy(), this.withPast?.copy())
  }

  /** The memory limit of a block is known. */
  tellLimited(key: string): void {
    this.own.tellLimited(key)
    this.withPast?.tellLimited(key)
  }

  /** The sizes that an engine pads to. True when news. */
  tellCaptureSizes(key: string, sizes: readonly number[]): boolean {
    this.withPast?.tellCaptureSizes(key, sizes)
    return this.own.tellCaptureSizes(key, sizes)
  }
}
