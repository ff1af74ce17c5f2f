const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const DATA = Buffer.from('data:')

/** Longest line accepted, in bytes: far above any token, far below what exhausts memory. */
export const maxLineBytes = 16 * 1024 * 1024

/**
 * Incremental reader of a server-sent event stream. Works on bytes, so a UTF-8 character cut in half
 * by a read is never seen in halves, and no string is made per event.
 */
export class SseReader {
  readonly #onData: (payload: Buffer) => void
  /** Pieces of a line that has not ended yet; joined once, when it does. */
  #partial: Buffer[] = []
  #partialBytes = 0
  #skipLineFeed = false
  /** Payload of the event under way: most events have one data line, which is then not copied. */
  #data: Buffer | undefined

  /** @param onData gets the data of each event; the bytes are valid during the call only. */
  constructor(onData: (payload: Buffer) => void) {
    this.#onData = onData
  }

  /** @throws RangeError when a line is longer than {@link maxLineBytes}. */
  push(bytes: Buffer): void {
    let start = 0
    if (this.#skipLineFeed && bytes.length > 0) {
      if (bytes[0] === LF) start = 1
      this.#skipLineFeed = false
    }
    let nextCr = bytes.indexOf(CR, start)
    let nextLf = bytes.indexOf(LF, start)
    while (nextLf !== -1 || nextCr !== -1) {
      const end = nextCr !== -1 && (nextLf === -1 || nextCr < nextLf) ? nextCr : nextLf
      this.#line(this.#complete(bytes.subarray(start, end)))
      start = end + 1
      if (end === nextCr) {
        if (start === bytes.length) this.#skipLineFeed = true
        else if (bytes[start] === LF) start += 1
        nextCr = bytes.indexOf(CR, start)
      }
      if (nextLf < start && nextLf !== -1) nextLf = bytes.indexOf(LF, start)
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start))
    else if (this.#data !== undefined) this.#data = Buffer.from(this.#data)
  }

  /** The stream is over: an event that lacks its closing blank line is still delivered. */
  end(): void {
    if (this.#partialBytes > 0) this.#line(this.#complete(Buffer.alloc(0)))
    this.#dispatch()
  }

  #keep(piece: Buffer): void {
    this.#partialBytes += piece.length
    if (this.#partialBytes > maxLineBytes) {
      throw new RangeError(`a line of the event stream is longer than ${maxLineBytes} bytes`)
    }
    // The network layer may reuse its memory: what outlives the call is copied.
    this.#partial.push(Buffer.from(piece))
    if (this.#data !== undefined) this.#data = Buffer.from(this.#data)
  }

  #complete(tail: Buffer): Buffer {
    if (this.#partialBytes === 0) return tail
    const line = Buffer.concat([...this.#partial, tail])
    this.#partial = []
    this.#partialBytes = 0
    return line
  }

  #line(line: Buffer): void {
    if (line.length === 0) {
      this.#dispatch()
      return
    }
    // Comments (":"), event names, ids and retry times say nothing of a token.
    if (line.length < DATA.length || line.compare(DATA, 0, DATA.length, 0, DATA.length) !== 0)
      return
    const from = line[DATA.length] === SPACE ? DATA.length + 1 : DATA.length
    const payload = line.subarray(from)
    this.#data =
      this.#data === undefined ? payload : Buffer.concat([this.#data, Buffer.from('\n'), payload])
  }

  #dispatch(): void {
    const data = this.#data
    this.#data = undefined
    if (data !== undefined && data.length > 0) this.#onData(data)
  }
}
