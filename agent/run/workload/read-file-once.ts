import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Pieces } from './workload-text.js'

const pieceBytes = 64 * 1024

export interface ReadOnce<T> {
  /** Of the whole file. */
  readonly sha256: string
  /** What was made of it. @throws what making it threw. */
  readonly result: () => T
}

/**
 * Reads a file once from its start to its end, also what `make` leaves of it, holding a piece at a time:
 * what was made is of the very bytes that the hash is of.
 *
 * @param onPiece told how many bytes of how many were read.
 * @throws what opening and reading throw.
 */
export async function readFileOnce<T>(
  path: string,
  make: (pieces: Pieces) => Promise<T>,
  onPiece: (read: number, of: number) => void = () => undefined,
): Promise<ReadOnce<T>> {
  const hash = createHash('sha256')
  const file = await open(path)
  try {
    const { size } = await file.stat()
    let total = 0
    const readNext = async (): Promise<Buffer | undefined> => {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceBytes))
      if (bytesRead === 0) return undefined
      const piece = buffer.subarray(0, bytesRead)
      hash.update(piece)
      total += bytesRead
      onPiece(total, size)
      return piece
    }
    // One after the other: a reader that gave up may have asked for a piece that is still to come.
    let turn: Promise<Buffer | undefined> = Promise.resolve(undefined)
    const next = () => (turn = turn.then(readNext))
    const pieces = async function* () {
      for (let piece = await next(); piece !== undefined; piece = await next()) yield piece
    }
    const result = await make(pieces()).then(
      (made) => () => made,
      (thrown: unknown) => () => {
        throw thrown
      },
    )
    while ((await next()) !== undefined);
    return { sha256: hash.digest('hex'), result }
  } finally {
    await file.close()
  }
}
