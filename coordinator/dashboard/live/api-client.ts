import type { ErrorView } from '../../service/http/api.js'

/** What the coordinator refused, in its own words. */
export class RefusedError extends Error {
  readonly status: number
  readonly view: ErrorView['error']

  constructor(status: number, view: ErrorView['error']) {
    super(view.message)
    this.status = status
    this.view = view
  }
}

const unreachable: ErrorView['error'] = {
  code: 'COORDINATOR_UNREACHABLE',
  message: 'the coordinator does not answer',
  hint: 'It may have ended; the page goes on when it is back.',
  problems: [],
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(`/api/v1/${path}`, init)
  } catch {
    throw new RefusedError(0, unreachable)
  }
  if (response.ok) return response
  const view = (await response.json().catch(() => ({ error: unreachable }))) as ErrorView
  throw new RefusedError(response.status, view.error)
}

/** @throws RefusedError */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, signal === undefined ? {} : { signal })).json()) as T
}

/** @throws RefusedError */
export async function getBytes(
  path: string,
): Promise<{ readonly bytes: ArrayBuffer; readonly revision: number }> {
  const response = await ask(path)
  const revision = Number(response.headers.get('fmwork-revision') ?? 0)
  return { bytes: await response.arrayBuffer(), revision }
}

/** @throws RefusedError */
export async function postJson<T>(path: string, body: unknown): Promise<T> {
  const response = await ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as T
}
