import { createWords } from './byte-stream.js'
import { toHalf } from './half-float.js'
import { writeGguf } from './gguf-writer.js'
import type { MetadataValue, Tensor } from './gguf-writer.js'
import { presetContextTokens } from './presets.js'
import type { ModelShape } from './presets.js'
import { beginId, buildVocabulary, chatTemplate, endId, unknownId } from './spm-vocabulary.js'
import type { Vocabulary } from './spm-vocabulary.js'

/** `general.file_type` of a file whose matrices are f16. */
const mostlyF16 = 1

function metadataOf(
  name: string,
  shape: ModelShape,
  vocabulary: Vocabulary,
): [string, MetadataValue][] {
  return [
    ['general.architecture', { text: 'llama' }],
    ['general.name', { text: name }],
    ['general.file_type', { uint32: mostlyF16 }],
    ['llama.context_length', { uint32: presetContextTokens }],
    ['llama.embedding_length', { uint32: shape.dim }],
    ['llama.block_count', { uint32: shape.layers }],
    ['llama.feed_forward_length', { uint32: shape.ffn }],
    ['llama.attention.head_count', { uint32: shape.heads }],
    ['llama.attention.head_count_kv', { uint32: shape.kvHeads }],
    ['llama.attention.layer_norm_rms_epsilon', { float32: 1e-5 }],
    ['llama.rope.dimension_count', { uint32: shape.dim / shape.heads }],
    ['llama.rope.freq_base', { float32: 10_000 }],
    ['llama.vocab_size', { uint32: shape.vocabulary }],
    ['tokenizer.ggml.model', { text: 'llama' }],
    ['tokenizer.ggml.pre', { text: 'default' }],
    ['tokenizer.ggml.tokens', { texts: vocabulary.pieces }],
    ['tokenizer.ggml.scores', { float32s: vocabulary.scores }],
    ['tokenizer.ggml.token_type', { int32s: vocabulary.types }],
    ['tokenizer.ggml.unknown_token_id', { uint32: unknownId }],
    ['tokenizer.ggml.bos_token_id', { uint32: beginId }],
    ['tokenizer.ggml.eos_token_id', { uint32: endId }],
    ['tokenizer.ggml.add_bos_token', { bool: true }],
    ['tokenizer.ggml.add_eos_token', { bool: false }],
    ['tokenizer.chat_template', { text: chatTemplate }],
  ]
}

function tensorsOf({ dim, layers, heads, kvHeads, ffn, vocabulary }: ModelShape): Tensor[] {
  const kvDim = (dim / heads) * kvHeads
  const matrix = (name: string, columns: number, rows: number): Tensor => ({
    name: `${name}.weight`,
    type: 'f16',
    shape: [columns, rows],
  })
  const norm = (name: string): Tensor => ({ name: `${name}.weight`, type: 'f32', shape: [dim] })
  const blocks = Array.from({ length: layers }, (_, layer) => [
    norm(`blk.${layer}.attn_norm`),
    matrix(`blk.${layer}.attn_q`, dim, dim),
    matrix(`blk.${layer}.attn_k`, dim, kvDim),
    matrix(`blk.${layer}.attn_v`, dim, kvDim),
    matrix(`blk.${layer}.attn_output`, dim, dim),
    norm(`blk.${layer}.ffn_norm`),
    matrix(`blk.${layer}.ffn_gate`, dim, ffn),
    matrix(`blk.${layer}.ffn_up`, dim, ffn),
    matrix(`blk.${layer}.ffn_down`, ffn, dim),
  ])
  return [
    matrix('token_embd', dim, vocabulary),
    ...blocks.flat(),
    norm('output_norm'),
    matrix('output', dim, vocabulary),
  ]
}

/** 256 equally spaced values in (-1/16, 1/16) as f16 bits: what a random byte stands for. */
function weightTable(): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => toHalf((2 * byte - 255) / 4096))
}

/**
 * A llama-architecture GGUF whose weights depend on the seed only. Rows of the head that belong to
 * control and byte tokens are zero, so that greedy output never ends early and is printable text.
 */
export function randomLlama(name: string, shape: ModelShape, seed: number): Buffer {
  const vocabulary = buildVocabulary(shape.vocabulary)
  const words = createWords(seed)
  const table = weightTable()
  return writeGguf(metadataOf(name, shape, vocabulary), tensorsOf(shape), (tensor, view) => {
    if (tensor.type === 'f32') {
      for (let at = 0; at < view.length; at += 4) view.writeFloatLE(1, at)
      return
    }
    const first = tensor.name === 'output.weight' ? vocabulary.firstTextId * shape.dim : 0
    // Through the bytes, not a Uint16Array: the file is little-endian whatever the machine is.
    for (let at = first * 2; at < view.length; at += 8) {
      const word = words()
      for (let part = 0; part < 4; part += 1) {
        const bits = table[(word >>> (8 * part)) & 0xff] as number
        view[at + 2 * part] = bits & 0xff
        view[at + 2 * part + 1] = bits >>> 8
      }
    }
  })
}
