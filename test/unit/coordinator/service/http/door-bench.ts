import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type {
  HttpDoor,
  HttpDoorOptions,
} from '../../../../../coordinator/service/http/http-door.js'
import { openHttpDoor } from '../../../../../coordinator/service/http/http-door.js'
import { json } from '../../../../../coordinator/service/http/route.js'
import type { Route } from '../../../../../coordinator/service/http/route.js'
import { readStaticFiles } from '../../../../../coordinator/service/http/static-files.js'
import { FakeClock } from '../../../../../shared/process/clock.js'
import { createLog } from '../../../../../shared/process/log.js'
import { createGate } from '../../../../../shared/rpc/access/gate.js'

export const token = 'a-token-of-sixteen'
export const clock = new FakeClock()
export const log = createLog({ name: 'test', level: 'silent' })

/** A folder with a page, to be removed by {@link closeAll}. */
function pages(): URL {
  const folder = mkdtempSync(join(tmpdir(), 'fmwork-pages-'))
  folders.push(folder)
  writeFileSync(join(folder, 'index.html'), '<title>FMwork</title>')
  writeFileSync(join(folder, 'app-1.js'), 'export {}')
  writeFileSync(join(folder, 'secret.key'), 'no page')
  return pathToFileURL(`${folder}/`)
}

const folders: string[] = []
const doors: HttpDoor[] = []

/** Answers what it was asked. */
export const echo: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/echo/:what',
    handle: ({ params, query }) => json({ what: params.what, q: query.get('q'), nan: NaN }),
  },
  { method: 'POST', path: '/api/v1/echo', handle: ({ body }) => json({ body }) },
]

export async function door(
  options: Partial<HttpDoorOptions> & { readonly guarded?: boolean } = {},
): Promise<string> {
  const opened = await openHttpDoor({
    listen: '127.0.0.1:0',
    routes: echo,
    files: readStaticFiles(pages()),
    log,
    clock,
    gate: createGate(options.guarded === true ? { token } : {}, clock),
    ...options,
  })
  doors.push(opened)
  return opened.url
}

export async function closeAll(): Promise<void> {
  await Promise.all(doors.splice(0).map((each) => each.close()))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
}

export interface Heard {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One request with exactly these headers: fetch would not let Host or Origin be set. */
export function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const sent = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode = 0, headers: heard } = response
        resolve({ status: statusCode, headers: heard, body: Buffer.concat(chunks).toString() })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

export const asJson = { 'content-type': 'application/json' }
