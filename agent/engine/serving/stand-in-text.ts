import type { ChatMessage } from './backend.js'

/** Vocabulary of engines that have no model: as large as those in use, so that any realistic id is in it. */
export const standInVocabulary = 128_000
export const standInTokenRange: readonly [number, number] = [300, 127_900]

/** Words with the space before them, digits one by one, and what stands between. */
const pieces = / ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+/gu
/** Bytes of a piece that one token holds: common words are one, as byte-pair vocabularies have them. */
const bytesPerToken = 8

/** Tokens are only counted: their ids say nothing. */
export function standInEncode(text: string): Uint32Array {
  let tokens = 0
  for (const [piece] of text.matchAll(pieces)) {
    tokens += Math.ceil(Buffer.byteLength(piece) / bytesPerToken)
  }
  return new Uint32Array(tokens).fill(standInTokenRange[0])
}

export const standInChat = (messages: readonly ChatMessage[]): string =>
  messages.map(({ role, content }) => `${role}: ${content}\n`).join('')

/** The text of the n-th generated token. */
export const standInToken = (index: number): string => ` t${index}`
