import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxLineBytes, SseReader } from '../../../../../agent/run/load/sse-reader.js'

/** Feeds bytes in pieces of the given sizes (the last one repeats) and gives the payloads as text. */
function read(bytes: Buffer, sizes: readonly number[]): string[] {
  const seen: string[] = []
  const reader = new SseReader((payload) => seen.push(payload.toString('utf8')))
  let at = 0
  for (let piece = 0; at < bytes.length; piece += 1) {
    const size = sizes[Math.min(piece, sizes.length - 1)] ?? bytes.length
    // A copy that is spoilt afterwards: the reader may keep nothing of it.
    const chunk = Buffer.from(bytes.subarray(at, at + size))
    reader.push(chunk)
    chunk.fill(0x78)
    at += size
  }
  reader.end()
  return seen
}

describe('SseReader', () => {
  it('gives the data of each event', () => {
    expect(read(Buffer.from('data: a\n\ndata:b\n\n'), [1000])).toEqual(['a', 'b'])
  })

  it('takes CRLF, CR and LF for line ends', () => {
    expect(read(Buffer.from('data: a\r\n\r\ndata: b\r\rdata: c\n\n'), [1000])).toEqual([
      'a',
      'b',
      'c',
    ])
  })

  it('joins several data lines of one event', () => {
    expect(read(Buffer.from('data: a\ndata: b\n\n'), [1000])).toEqual(['a\nb'])
  })

  it('skips comments, names, ids, and events without data', () => {
    const text = ': ping\n\nevent: x\nid: 1\nretry: 5\n\ndata: a\n\ndata:\n\nnonsense\n\n'
    expect(read(Buffer.from(text), [1000])).toEqual(['a'])
  })

  it('delivers an event whose blank line never came', () => {
    expect(read(Buffer.from('data: a\n\ndata: last'), [1000])).toEqual(['a', 'last'])
  })

  it('keeps a character that was cut in half', () => {
    expect(read(Buffer.from('data: {"text":"zażółć 😀"}\n\n'), [1])).toEqual([
      '{"text":"zażółć 😀"}',
    ])
  })

  it('reads a line of a megabyte that arrives in small pieces', () => {
    const long = 'x'.repeat(1024 * 1024)
    expect(read(Buffer.from(`data: ${long}\n\n`), [4096])).toEqual([long])
  })

  it('refuses a line without end', () => {
    const reader = new SseReader(() => undefined)
    const piece = Buffer.alloc(1024 * 1024, 0x78)
    expect(() => {
      for (let sent = 0; sent <= maxLineBytes; sent += piece.length) reader.push(piece)
    }).toThrow(RangeError)
  })

  it('sees the same events however the bytes are cut', () => {
    const line = fc.constantFrom('data: a', 'data: ż😀', 'data:b', ': c', 'event: e', '', 'data: ')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'))),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (lines, sizes) => {
          const bytes = Buffer.from(lines.map(([text, end]) => text + end).join(''))
          expect(read(bytes, sizes)).toEqual(read(bytes, [bytes.length + 1]))
        },
      ),
    )
  })
})
