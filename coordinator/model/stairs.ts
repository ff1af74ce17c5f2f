/** A way to group loads that engines and kernels treat alike: between its steps cost jumps. */
export interface StairScheme {
  readonly name: string
  /** Loads of one bucket run as one padded size. */
  bucket(load: number): number
}

/** Buckets that end at the given ascending sizes; beyond the last every load is its own. */
export function bucketsAt(name: string, sizes: readonly number[]): StairScheme {
  const last = sizes[sizes.length - 1] ?? 0
  return {
    name,
    bucket(load) {
      if (load > last) return load
      let low = 0
      let high = sizes.length - 1
      while (low < high) {
        const middle = (low + high) >> 1
        if ((sizes[middle] as number) >= load) high = middle
        else low = middle + 1
      }
      return sizes[low] as number
    },
  }
}

const multiplesOf = (step: number): StairScheme => ({
  name: `multiples of ${step}`,
  bucket: (load) => Math.ceil(load / step) * step,
})

/** Graph capture as serving engines ship it: 1, 2, 4, then every 8. */
const captureSizes: StairScheme = {
  name: 'capture sizes',
  bucket: (load) => (load <= 2 ? load : load <= 4 ? 4 : Math.ceil(load / 8) * 8),
}

const powersOfTwo: StairScheme = {
  name: 'powers of two',
  bucket: (load) => 2 ** Math.ceil(Math.log2(load) - 1e-9),
}

/** Capture sizes first, then the schemes under which these loads share some of several buckets. */
export function stairSchemes(loads: readonly number[]): StairScheme[] {
  const candidates = [powersOfTwo, multiplesOf(32), multiplesOf(64), multiplesOf(128)]
  const telling = candidates.filter((scheme) => {
    const buckets = new Set(loads.map((load) => scheme.bucket(load))).size
    return buckets > 1 && buckets < loads.length
  })
  return [captureSizes, ...telling]
}
