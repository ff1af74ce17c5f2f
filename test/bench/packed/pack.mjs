// What packs of benchmarks for machines without Node share.
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** Bundles programs into OUT as modules for Node 20. */
export async function bundle(out, options) {
  await build({
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Packages that still say require().
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    ...options,
  })
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n')
}

/** Puts this Node, compressed, and the scripts that start it into OUT. */
export function packNode(out, runScript, fresh = false) {
  copyFileSync(join(here, 'with-node.sh'), join(out, 'with-node.sh'))
  copyFileSync(runScript, join(out, 'run.sh'))
  chmodSync(join(out, 'run.sh'), 0o755)
  // Compressing takes a minute: a Node that is there already stays, unless it is asked for anew.
  if (existsSync(join(out, 'node.xz')) && !fresh) return
  execFileSync('sh', ['-c', 'xz -6 -c "$1" > "$2"', 'sh', process.execPath, join(out, 'node.xz')])
}
