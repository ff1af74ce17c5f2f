/** A file that comes in pieces of some bytes. */
export async function* piecesOf(text: string, size = 65_536): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size))
  }
}
