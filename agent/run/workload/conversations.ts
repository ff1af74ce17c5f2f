import { JSONParser } from '@streamparser/json'
import { badRecord, largestRecord } from './workload-text.js'
import type { Pieces } from './workload-text.js'

/** Bytes of text that the parser gathers before it decodes them. */
const stringBufferSize = 64 * 1024

/**
 * The records of a JSON array, one after the other, however large the file is.
 *
 * @throws FmworkError USAGE naming the record.
 */
export async function* conversationsOf(pieces: Pieces): AsyncGenerator {
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false, stringBufferSize })
  let complete: unknown[] = []
  parser.onValue = ({ value, key }) => {
    if (typeof key === 'number') complete.push(value)
  }
  let records = 0
  let bytesOfRecord = 0
  const bad = (why: string, cause?: unknown) =>
    badRecord(records + 1, `expected a JSON array of conversations (${why})`, cause)

  for await (const piece of pieces) {
    const failure = failureOf(() => parser.write(piece))
    // Pieces are far smaller than a record may be, so it does not matter that they hold its neighbours.
    bytesOfRecord = complete.length > 0 ? 0 : bytesOfRecord + piece.length
    const before = complete
    complete = []
    for (const value of before) {
      yield value
      records += 1
    }
    if (failure !== undefined) throw bad(failure.message, failure)
    if (bytesOfRecord > largestRecord) {
      throw badRecord(records + 1, `expected a record of at most ${largestRecord} bytes`)
    }
  }
  if (parser.isEnded) return
  throw bad('the file ends before it does')
}

function failureOf(act: () => void): Error | undefined {
  try {
    act()
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown))
  }
}
