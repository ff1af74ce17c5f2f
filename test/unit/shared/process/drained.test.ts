import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { drained } from '../../../../shared/process/drained.js'

/** A reader that takes a piece whenever it is told to. */
function slowReader() {
  const waiting: (() => void)[] = []
  const taken: string[] = []
  const stream = new Writable({
    write(piece: Buffer, _encoding, done) {
      waiting.push(() => {
        taken.push(piece.toString())
        done()
      })
    },
  })
  return { stream, taken, take: () => waiting.shift()?.() }
}

it('waits until a slow reader has taken everything', async () => {
  const { stream, taken, take } = slowReader()
  stream.write('first')
  stream.write('second')
  let isDrained = false
  const waiting = drained(stream).then(() => (isDrained = true))
  for (const expected of [['first'], ['first', 'second']]) {
    take()
    await new Promise(setImmediate)
    expect(taken).toEqual(expected)
    expect(isDrained).toBe(false)
  }
  take()
  await waiting
})

it('waits for nothing where nothing was written', async () => {
  await drained(slowReader().stream)
})

it('does not wait for a reader that has left', async () => {
  const { stream } = slowReader()
  stream.on('error', () => undefined)
  stream.write('lost')
  const waiting = drained(stream)
  stream.destroy(new Error('EPIPE'))
  await waiting
  await drained(stream)
})
