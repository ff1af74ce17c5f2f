import type { IncomingMessage } from 'node:http'
import { FmworkError } from '../../../shared/domain/errors.js'

/** A sweep file is text that a person wrote. */
const maxBytes = 1024 * 1024

const tooLarge = () =>
  new FmworkError('LIMIT_EXCEEDED', `a request may have ${maxBytes} bytes at most`)

/**
 * The JSON of a request. Any other content type is refused: a form of another site can send those
 * without asking, JSON it cannot.
 *
 * @throws FmworkError MESSAGE_INVALID, LIMIT_EXCEEDED
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json\b/i.test(type)) {
    throw new FmworkError('MESSAGE_INVALID', 'the request is not application/json', {
      problems: [{ field: 'content-type', value: type, expected: 'expected application/json' }],
    })
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (cause) {
    throw new FmworkError('MESSAGE_INVALID', 'the request is not JSON', { cause })
  }
}

/**
 * A text field of a request’s JSON.
 *
 * @throws FmworkError MESSAGE_INVALID naming the field
 */
export function textField(body: unknown, field: string): string {
  const value = (body as Readonly<Record<string, unknown>> | null | undefined)?.[field]
  if (typeof value === 'string') return value
  throw new FmworkError('MESSAGE_INVALID', `the request has no text ${field}`, {
    problems: [{ field, expected: 'expected a text' }],
  })
}
