/**
 * Packs the benchmark for a machine without Node: `node test/bench/evaluate/pack.mjs OUT GRIDS`, then
 * `run.sh` there. Bundles the sources as they are.
 */
import { cpSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, packNode } from '../packed/pack.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const [out, grids] = process.argv.slice(2)
if (out === undefined || grids === undefined) {
  console.error('usage: node test/bench/evaluate/pack.mjs OUT GRIDS')
  process.exit(2)
}
mkdirSync(out, { recursive: true })

/** Takes the sources in place of what they compile to. */
const sources = {
  name: 'sources',
  setup(bundle) {
    bundle.onResolve({ filter: /\/dist\/.*\.js$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('/dist/', '/').replace(/\.js$/, '.ts')),
    }))
  },
}
await bundle(out, {
  entryPoints: [join(here, 'run.mjs'), join(here, 'play.mjs')],
  plugins: [sources],
})
cpSync(grids, join(out, 'grids'), { recursive: true })
packNode(out, join(here, 'run.sh'))
