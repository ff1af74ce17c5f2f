import type { IncomingMessage } from 'node:http'
import { HttpProblem } from './http-problem.js'

/** A prompt of 1 million token ids takes about 7 MB of JSON. */
export const bodyLimitBytes = 8 * 1024 * 1024

/** @throws HttpProblem 413 above the limit, 400 for what is not a JSON object. */
export async function readJsonBody(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > bodyLimitBytes) {
      throw new HttpProblem(413, `the request body is above ${bodyLimitBytes} bytes`)
    }
    chunks.push(chunk as Buffer)
  }
  let body: unknown
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (error) {
    throw new HttpProblem(400, `the request body is not JSON: ${(error as Error).message}`)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HttpProblem(400, 'the request body is not a JSON object')
  }
  return body
}
