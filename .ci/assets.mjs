// Copies what tsc leaves behind into dist/: files that the programs read at run time.
import { cpSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
for (const path of [
  'proto',
  'coordinator/store/migrations',
  'coordinator/store/statements',
  'coordinator/store/reading',
  'examples',
  'package.json',
]) {
  cpSync(join(root, path), join(root, 'dist', path), { recursive: true, force: true })
}
await import('./dashboard.mjs')
