import type { IncomingMessage, ServerResponse } from 'node:http'

export interface Call {
  /** The parts of the path that the route names, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Parsed JSON of a POST; undefined for a GET. */
  readonly body: unknown
  readonly request: IncomingMessage
  /** False once the caller’s token or certificate is revoked or too old: for answers that last. */
  readonly admitted: () => boolean
  /** Aborts when the caller leaves or the door closes. */
  readonly signal: AbortSignal
}

export type Answer =
  | {
      readonly kind: 'json'
      readonly value: unknown
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
    }
  | {
      readonly kind: 'bytes'
      readonly bytes: Uint8Array
      readonly type: string
      readonly headers?: Readonly<Record<string, string>>
    }
  | {
      /** Writes the response itself and resolves when it is over. */
      readonly kind: 'stream'
      readonly pour: (response: ServerResponse) => Promise<void>
    }

export interface Route {
  readonly method: 'GET' | 'POST'
  /** Such as `/api/v1/sweeps/:sweep`. */
  readonly path: string
  /** True: served without a token. */
  readonly open?: boolean
  /** @throws FmworkError, answered with the HTTP status of its row. */
  readonly handle: (call: Call) => Answer | Promise<Answer>
}

export const json = (value: unknown, status?: number): Answer => ({
  kind: 'json',
  value,
  ...(status === undefined ? {} : { status }),
})

/** Matches a path; undefined when it is another. A part that is no valid encoding matches nothing. */
export function matchPath(
  pattern: string,
  path: string,
): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const found = given[index] as string
    if (!part.startsWith(':')) {
      if (part !== found) return undefined
      continue
    }
    try {
      params[part.slice(1)] = decodeURIComponent(found)
    } catch {
      return undefined
    }
    if (found === '') return undefined
  }
  return params
}

/** A whole number of the query, within bounds; the default where it is absent or no number. */
export function wholeOf(
  query: URLSearchParams,
  name: string,
  { least = 0, most, otherwise }: { least?: number; most: number; otherwise: number },
): number {
  const text = query.get(name)
  if (text === null || !/^\d{1,15}$/.test(text)) return otherwise
  return Math.min(most, Math.max(least, Number(text)))
}
