import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

export interface ProbeAnswer {
  readonly status: number
  readonly body: string
}

const answerLimitBytes = 1024 * 1024

/** One HTTP exchange on a connection of its own; rejects with the network’s error as it is. */
export function exchange(
  url: string,
  options: {
    readonly body?: object
    readonly apiKey?: string | undefined
    readonly timeoutSeconds: number
    readonly signal: AbortSignal
  },
): Promise<ProbeAnswer> {
  const payload = options.body === undefined ? undefined : JSON.stringify(options.body)
  const target = new URL(url)
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const outgoing = request(
      target,
      {
        method: payload === undefined ? 'GET' : 'POST',
        agent: false,
        timeout: options.timeoutSeconds * 1000,
        signal: options.signal,
        headers: {
          ...(payload === undefined
            ? {}
            : {
                'content-type': 'application/json',
                'content-length': Buffer.byteLength(payload),
              }),
          ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
        },
      },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          body += chunk
          if (body.length > answerLimitBytes) {
            outgoing.destroy(new Error(`the answer is above ${answerLimitBytes} bytes`))
          }
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
        response.on('error', reject)
      },
    )
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`no answer within ${options.timeoutSeconds} s`)),
    )
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
}

/** Asks for exactly one token; whether the endpoint answered with a completion. */
export async function requestOneToken(
  baseUrl: string,
  model: string,
  prompt: string | readonly number[],
  options: {
    readonly apiKey?: string | undefined
    readonly timeoutSeconds: number
    readonly signal: AbortSignal
  },
): Promise<ProbeAnswer> {
  return exchange(`${baseUrl}/v1/completions`, {
    ...options,
    body: { model, prompt, max_tokens: 1, temperature: 0 },
  })
}
