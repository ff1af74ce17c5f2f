import type { ChatMessage } from './backend.js'

/** Vocabulary of engines that have no model: one token per byte, and room for any realistic id. */
export const standInVocabulary = 128_000
export const standInTokenRange: readonly [number, number] = [300, 127_900]

export const standInEncode = (text: string): Uint32Array =>
  Uint32Array.from(Buffer.from(text, 'utf8'))

export const standInChat = (messages: readonly ChatMessage[]): string =>
  messages.map(({ role, content }) => `${role}: ${content}\n`).join('')

/** The text of the n-th generated token. */
export const standInToken = (index: number): string => ` t${index}`
