import { tokenType } from './gguf-format.js'

/** A SentencePiece vocabulary as GGUF stores it: three lists of equal length. */
export interface Vocabulary {
  readonly pieces: readonly string[]
  readonly scores: readonly number[]
  readonly types: readonly number[]
  /** First id whose piece is ordinary text: below are control and byte tokens. */
  readonly firstTextId: number
}

export const unknownId = 0
export const beginId = 1
export const endId = 2

/** SentencePiece’s mark of a word start. */
const space = '\u2581'
const vowels = Array.from('aeiou')
const onsets = [
  ...Array.from('tnsrhldcmfpgwbvkjyzxq'),
  'th',
  'st',
  'sh',
  'ch',
  'tr',
  'pr',
  'br',
  'gr',
  'cl',
  'pl',
]
const codas = ['n', 'r', 's', 'l', 't', 'd', 'm', 'k', 'p', 'g']

/** Every single character that text is likely to hold: with the byte tokens any text is encodable. */
function* characters(): Generator<string> {
  yield space
  for (let code = 33; code < 127; code += 1) yield String.fromCharCode(code)
}

/**
 * Pronounceable pieces, each the join of two shorter pieces of the list, so that pairwise merging
 * reaches all of them.
 */
function* syllables(): Generator<string> {
  for (const onset of onsets) if (onset.length > 1) yield onset
  const open = onsets.flatMap((onset) => vowels.map((vowel) => onset + vowel))
  const closed = open.flatMap((syllable) => codas.map((coda) => syllable + coda))
  yield* open
  for (const syllable of open) yield space + syllable
  yield* closed
  for (const syllable of closed) yield space + syllable
  for (const first of open) for (const second of open) yield first + second
}

/** A valid SPM vocabulary of exactly `size` entries with byte fallback. The same for ever. */
export function buildVocabulary(size: number): Vocabulary {
  const pieces = ['<unk>', '<s>', '</s>']
  const types: number[] = [tokenType.unknown, tokenType.control, tokenType.control]
  for (let byte = 0; byte < 256; byte += 1) {
    pieces.push(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)
    types.push(tokenType.byte)
  }
  const firstTextId = pieces.length
  const seen = new Set(pieces)
  const add = (piece: string) => {
    if (pieces.length >= size || seen.has(piece)) return
    seen.add(piece)
    pieces.push(piece)
    types.push(tokenType.normal)
  }
  for (const piece of characters()) add(piece)
  for (const piece of syllables()) add(piece)
  if (pieces.length !== size) throw new RangeError(`no ${size} pieces: ${pieces.length} at most`)
  const scores = pieces.map((_, id) => (id < firstTextId ? 0 : firstTextId - id))
  return { pieces, scores, types, firstTextId }
}

/** Renders messages as `<role>: text` lines; every part is ordinary text of the vocabulary. */
export const chatTemplate =
  "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}"
