/**
 * Packs the benchmark for a machine without Node: `node test/bench/evaluate/pack.mjs OUT GRIDS`, then
 * `run.sh` there. Bundles the sources as they are.
 */
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

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
await build({
  entryPoints: [join(here, 'run.mjs'), join(here, 'play.mjs')],
  outdir: out,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  plugins: [sources],
  // Packages that still say require().
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
})
writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n')
cpSync(grids, join(out, 'grids'), { recursive: true })
copyFileSync(join(here, 'run.sh'), join(out, 'run.sh'))
chmodSync(join(out, 'run.sh'), 0o755)
// Compressing takes a minute: a Node that is there already stays.
if (!existsSync(join(out, 'node.xz'))) {
  execFileSync('sh', ['-c', 'xz -6 -c "$1" > "$2"', 'sh', process.execPath, join(out, 'node.xz')])
}
