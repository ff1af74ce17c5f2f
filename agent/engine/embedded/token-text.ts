/** Turns token ids into text, several at a time. */
export type Detokenize = (tokens: Uint32Array) => string

/** What a cut-off UTF-8 sequence decodes to: one of these, however many of its bytes are there. */
const replacement = '\uFFFD'
/** A UTF-8 character has at most four bytes, so an unfinished one lies in the last three tokens. */
const longestCharacter = 4

/**
 * Text of a growing list of tokens, piece by piece: the pieces join to the text of the whole. Bytes
 * of an unfinished character are held back.
 */
export class TokenText {
  readonly #detokenize: Detokenize
  /** The newest tokens, the first of them finished: it decides about leading space. */
  #window: number[]

  /** @param previous the token before the first one, usually the prompt’s last. */
  constructor(detokenize: Detokenize, previous: number) {
    this.#detokenize = detokenize
    this.#window = [previous]
  }

  /** The text that `token` adds; with `last`, also what is still held back. */
  add(token: number, last: boolean): string {
    const shown = finished(this.#decode())
    this.#window.push(token)
    const text = this.#decode()
    this.#window = this.#window.slice(-longestCharacter)
    return (last ? text : finished(text)).slice(shown.length)
  }

  #decode(): string {
    return this.#detokenize(Uint32Array.from(this.#window))
  }
}

/** `text` without the character at its end that further bytes may still change. */
function finished(text: string): string {
  return text.endsWith(replacement) ? text.slice(0, -1) : text
}
