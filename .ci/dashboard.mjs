// Bundles the dashboard into dist/coordinator/dashboard: one page, one script, one style sheet, named
// by what is in them. Fails above the size that a slow line can bear.
import { build } from 'esbuild'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(root, 'coordinator', 'dashboard')
const target = join(root, 'dist', 'coordinator', 'dashboard')
const limit = 100_000

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const { metafile } = await build({
  entryPoints: { app: join(source, 'main.tsx'), style: join(source, 'style.css') },
  outdir: target,
  entryNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome110', 'firefox110', 'safari16'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'eof',
  logLevel: 'warning',
  metafile: true,
})
const names = Object.keys(metafile.outputs).map((path) => basename(path))
const named = (end) => `/${names.find((name) => name.endsWith(end))}`
const page = readFileSync(join(source, 'index.html'), 'utf8')
  .replace('/app.css', named('.css'))
  .replace('/app.js', named('.js'))
writeFileSync(join(target, 'index.html'), page)

const files = ['index.html', ...names]
const zipped = files.map((name) => gzipSync(readFileSync(join(target, name)), { level: 9 }).length)
const total = zipped.reduce((sum, bytes) => sum + bytes, 0)
if (total >= limit) {
  console.error(
    `error: the dashboard weighs ${total} bytes with gzip, ${limit} at most are allowed`,
  )
  process.exit(1)
}
