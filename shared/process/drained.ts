import type { Writable } from 'node:stream'

/** Resolves when everything written until now was taken, or nobody takes it any more. */
export function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) {
      resolve()
      return
    }
    stream.once('close', resolve)
    stream.write('', () => resolve())
  })
}
