/**
 * Packs the benchmark and the product for a machine without Node or a network:
 * `node test/bench/scale/pack.mjs OUT [ROOT]`, then `sh OUT/run.sh [options of run.mjs]` there. Needs
 * `npm run build`; ROOT is another built checkout.
 */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packNode, packProduct } from '../packed/pack.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const [out, root] = process.argv.slice(2)
if (out === undefined) {
  console.error('usage: node test/bench/scale/pack.mjs OUT [ROOT]')
  process.exit(2)
}
mkdirSync(out, { recursive: true })
packProduct(out, 'fmwork.tar.xz', root, ['test/bench/scale'])
packNode(out, join(here, 'run.sh'))
