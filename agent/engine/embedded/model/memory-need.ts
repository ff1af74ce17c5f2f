import type { GgufHeader } from './gguf-header.js'

/** What the memory estimate depends on. */
export interface ContextShape {
  readonly slots: number
  /** Per slot. */
  readonly contextTokens: number
  /** Most tokens evaluated in one step. */
  readonly batchTokens: number
  readonly flashAttention: boolean
}

/** Node, llama.cpp’s code and its bookkeeping: 110-125 MB were seen with the smallest models. */
const processBytes = 160e6

/** A model’s dimensions as its metadata gives them; undefined where it does not. */
function dimensions(header: GgufHeader) {
  const number = (key: string): number | undefined => {
    const value = header.metadata.get(`${header.architecture}.${key}`)
    return typeof value === 'number' ? value : undefined
  }
  const dim = number('embedding_length')
  const layers = number('block_count')
  const heads = number('attention.head_count')
  if (dim === undefined || layers === undefined || heads === undefined) return undefined
  const kvHeads = number('attention.head_count_kv') ?? heads
  const headDim = dim / heads
  return {
    layers,
    heads,
    dim,
    ffn: number('feed_forward_length') ?? 4 * dim,
    vocabulary: Number(header.metadata.get('tokenizer.ggml.tokens') ?? 0),
    keyDim: (number('attention.key_length') ?? headDim) * kvHeads,
    valueDim: (number('attention.value_length') ?? headDim) * kvHeads,
  }
}

/** Bytes that one token of context takes in an f16 KV cache; undefined when the file does not say. */
export function kvBytesPerToken(header: GgufHeader): number | undefined {
  const found = dimensions(header)
  if (found === undefined) return undefined
  return 2 * found.layers * (found.keyDim + found.valueDim)
}

/**
 * Bytes that an engine will need: weights, KV cache, and the activations of the largest step. An
 * estimate from above for dense models; undefined when the file does not give its dimensions.
 */
export function memoryNeed(header: GgufHeader, shape: ContextShape): number | undefined {
  const found = dimensions(header)
  const kv = kvBytesPerToken(header)
  if (found === undefined || kv === undefined) return undefined
  const kvCache = kv * shape.slots * shape.contextTokens
  const perToken = 4 * (found.vocabulary + 3 * found.ffn + 8 * found.dim)
  const scores = shape.flashAttention
    ? 0
    : 8 * found.heads * shape.batchTokens * shape.contextTokens
  return header.fileBytes + kvCache + perToken * shape.batchTokens + scores + processBytes
}
