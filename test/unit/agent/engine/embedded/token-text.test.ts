import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenText } from '../../../../../agent/engine/embedded/token-text.js'

/** One token per byte. */
const bytes = (tokens: Uint32Array): string => Buffer.from(tokens).toString('utf8')

/** Any character, and often the one that a decoder also writes for bytes it cannot read. */
const characters = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom('\uFFFD', '\u{1F600}', 'é') },
)

describe('text of a growing list of tokens', () => {
  it('joins to the text of the whole, and never shows half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: characters, minLength: 1 }), (text) => {
        const tokens = [...Buffer.from(text, 'utf8')]
        const stream = new TokenText(bytes, 65)
        const pieces = tokens.map((token, index) => stream.add(token, index === tokens.length - 1))
        expect(pieces.join('')).toBe(text)
        if (!text.includes('\uFFFD')) {
          expect(pieces.every((piece) => !piece.includes('\uFFFD'))).toBe(true)
        }
      }),
    )
  })

  it('gives up on bytes that never become a character', () => {
    const stream = new TokenText(bytes, 65)
    const pieces = [0xff, 0xff, 0xff, 0xff, 66].map((token) => stream.add(token, false))
    expect(pieces.join('')).toContain('B')
  })
})
