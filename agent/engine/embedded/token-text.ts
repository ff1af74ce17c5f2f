/** Turns token ids into text, several at a time. */
export type Detokenize = (tokens: Uint32Array) => string

/** What a cut-off UTF-8 sequence decodes to. */
const replacement = '\uFFFD'
/** A UTF-8 character has at most four bytes, so at most four tokens. */
const longestCharacter = 4

/**
 * Text of a growing list of tokens, piece by piece: the pieces join to the text of the whole. Bytes
 * of an unfinished character are held back.
 */
export class TokenText {
  readonly #detokenize: Detokenize
  /** The last token whose text is out (it decides about leading space), then those held back. */
  #window: number[]
  #shown: string

  /** @param previous the token before the first one, usually the prompt’s last. */
  constructor(detokenize: Detokenize, previous: number) {
    this.#detokenize = detokenize
    this.#window = [previous]
    this.#shown = detokenize(Uint32Array.of(previous))
  }

  /** The text that `token` adds; with `last`, also what is still held back. */
  add(token: number, last: boolean): string {
    this.#window.push(token)
    const text = this.#detokenize(Uint32Array.from(this.#window))
    const unfinished = text.endsWith(replacement) && this.#window.length <= longestCharacter
    if (unfinished && !last) return ''
    const added = text.slice(this.#shown.length)
    this.#window = [token]
    this.#shown = this.#detokenize(Uint32Array.of(token))
    return added
  }
}
