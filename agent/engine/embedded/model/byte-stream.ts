/**
 * Uniform random 32-bit words (xoshiro128**, Blackman and Vigna), integers only: the bytes are the
 * same on every machine. Not `createRandom`: a model needs tens of millions of draws, in a loop
 * without calls.
 */
export function createWords(seed: number): () => number {
  // SplitMix32 spreads the seed over the four words of state.
  let mix = seed >>> 0
  const spread = () => {
    mix = (mix + 0x9e3779b9) | 0
    let word = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad)
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
    return word ^ (word >>> 15)
  }
  let a = spread()
  let b = spread()
  let c = spread()
  let d = spread()
  return () => {
    const scrambled = Math.imul(b, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }
}
