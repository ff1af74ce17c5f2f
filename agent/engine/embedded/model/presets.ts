/** Shape of a llama-architecture model. */
export interface ModelShape {
  readonly dim: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  readonly ffn: number
  readonly vocabulary: number
}

/** Raise it whenever the generator writes other bytes; the checksums below belong to it. */
export const generatorVersion = 1

/** Longest context the generated models allow, in tokens. Costs nothing: positions are rotary. */
export const presetContextTokens = 32_768

interface Preset extends ModelShape {
  /** Of the f16 file that the generator writes, on every machine. */
  readonly sha256: string
}

/**
 * Models that FMwork generates for itself. Their weights are random: inference speed depends on
 * shapes, not on values.
 */
export const presets = {
  'fmwork-nano': {
    dim: 128,
    layers: 4,
    heads: 4,
    kvHeads: 2,
    ffn: 384,
    vocabulary: 1024,
    sha256: '4c00547fcf06fe1eb17551fa3f7c4b22933465968c1e6785c4d626061e51c5b7',
  },
  'fmwork-micro': {
    dim: 256,
    layers: 4,
    heads: 4,
    kvHeads: 2,
    ffn: 768,
    vocabulary: 2048,
    sha256: '4c410616138d59828e93ae88e022ad725c53bfcf1585949eb6ad2eb22d9b5f5a',
  },
  'fmwork-small': {
    dim: 512,
    layers: 8,
    heads: 8,
    kvHeads: 4,
    ffn: 1536,
    vocabulary: 4096,
    sha256: '81991a86eca791b07c762ec285378e9eecb722f3895ede61936b4e6993c35d17',
  },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof presets

export function isPreset(model: string): model is PresetName {
  return Object.hasOwn(presets, model)
}

/** Bytes that one token of context takes in a preset’s f16 KV cache; undefined for other models. */
export function presetKvBytesPerToken(model: string): number | undefined {
  if (!isPreset(model)) return undefined
  const { dim, heads, kvHeads, layers } = presets[model]
  return 2 * layers * 2 * kvHeads * (dim / heads)
}
