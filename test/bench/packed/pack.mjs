// What packs of benchmarks for machines without Node share.
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
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

/** What no program of a run loads: llama.cpp inside Node, compilers, other systems' binaries. */
const unused = ['node-llama-cpp', '@node-llama-cpp', 'typescript', '@types', 'cmake-js']
const leftOut = ['better-sqlite3/deps', 'better-sqlite3/src', 'better-sqlite3/build/Release/obj']
const checkout = join(here, '..', '..', '..')

/** Archives what a built checkout needs to run without a network, and more paths of it, as OUT/NAME. */
export function packProduct(out, name, root = checkout, more = []) {
  const listed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: checkout,
    encoding: 'utf8',
  })
  const production = listed
    .split('\n')
    .slice(1)
    .map((path) => relative(checkout, path))
    .filter((path) => path.startsWith('node_modules/') && existsSync(join(root, path)))
    .filter((path) => !unused.some((each) => path.startsWith(`node_modules/${each}`)))
  const words = [
    ...['--exclude=*.map', '--exclude=*musl*', '--exclude=*.d.ts'],
    ...leftOut.map((path) => `--exclude=node_modules/${path}`),
    ...['package.json', 'dist', ...more, ...new Set(production)],
  ]
  execFileSync('tar', ['-cJf', join(resolve(out), name), '-C', root, ...words], {
    stdio: 'inherit',
    env: { ...process.env, XZ_OPT: '-2' },
  })
}
