import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants, gzipSync } from 'node:zlib'
import { FmworkError } from '../../../shared/domain/errors.js'
import { acceptsGzip, commonHeaders } from './answer.js'

interface Asset {
  readonly type: string
  readonly plain: Buffer
  readonly zipped: Buffer
  readonly headers: Readonly<Record<string, string>>
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

/** The dashboard’s files, read and compressed once. Nothing else of the disk can be asked for. */
export interface StaticFiles {
  /** @returns false for a path that is none of them. */
  send(path: string, request: IncomingMessage, response: ServerResponse): boolean
}

/** @throws FmworkError INTERNAL where the dashboard was not built. */
export function readStaticFiles(folder: URL): StaticFiles {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (cause) {
    throw new FmworkError('INTERNAL', `the dashboard is not built: ${folder.pathname}`, { cause })
  }
  const assets = new Map<string, Asset>()
  for (const name of names) {
    const type = types[name.split('.').at(-1) ?? '']
    if (type === undefined) continue
    const plain = readFileSync(new URL(name, folder))
    // The name of every other file holds a digest of what is in it.
    const lasting = name === 'index.html' ? 'no-cache' : 'public, max-age=31536000, immutable'
    assets.set(name === 'index.html' ? '/' : `/${name}`, {
      type,
      plain,
      zipped: gzipSync(plain, { level: constants.Z_BEST_COMPRESSION }),
      headers: { 'cache-control': lasting },
    })
  }
  return {
    send(path, request, response) {
      const asset = assets.get(path)
      if (asset === undefined) return false
      const zip = acceptsGzip(request)
      const body = zip ? asset.zipped : asset.plain
      response.writeHead(200, {
        ...commonHeaders,
        ...asset.headers,
        'content-type': asset.type,
        'content-length': body.byteLength,
        vary: 'accept-encoding',
        ...(zip ? { 'content-encoding': 'gzip' } : {}),
      })
      response.end(request.method === 'HEAD' ? undefined : body)
      return true
    },
  }
}
