import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'

/** A seeded stream of randomness: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform whole number in [0, bound). */
  below(bound: number): number
  /** Standard normal. */
  normal(): number
  /** A new independent stream that depends on this one’s seed and `label` only. */
  fork(label: string): Random
}

/** 32-bit FNV-1a of text: spreads labels over seeds. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(hashText(String(seed >>> 0)))
  // The first outputs of neighbouring seeds are alike; later ones are not.
  for (let skipped = 0; skipped < 32; skipped += 1) generator.next()
  const next = (): number => uniformFloat64(generator)
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    normal() {
      const radius = Math.sqrt(-2 * Math.log(1 - next()))
      return radius * Math.cos(2 * Math.PI * next())
    },
    fork: (label) => createRandom(hashText(`${seed >>> 0}/${label}`)),
  }
}

/** A shuffled copy (Fisher-Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = random.below(i + 1)
    const swap = result[i] as T
    result[i] = result[j] as T
    result[j] = swap
  }
  return result
}
