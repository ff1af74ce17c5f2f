// node test/bench/gpu-telemetry/pack.mjs OUT: everything that run.sh needs on a machine without Node.
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..', '..')
const out = process.argv[2]
if (out === undefined) {
  console.error('usage: node test/bench/gpu-telemetry/pack.mjs OUT')
  process.exit(2)
}
mkdirSync(out, { recursive: true })
await build({
  entryPoints: [
    // The probe’s module looks for its program beside itself, by its compiled name.
    { in: join(here, 'driver.mjs'), out: 'driver' },
    { in: join(root, 'dist/agent/host/nvml/nvml-probe.js'), out: 'nvml-probe' },
  ],
  outdir: out,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['koffi'],
  // Packages that still say require().
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
})
writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n')
for (const name of ['koffi', '@koromix/koffi-linux-x64']) {
  cpSync(join(root, 'node_modules', name), join(out, 'node_modules', name), {
    recursive: true,
    filter: (path) => !path.includes('musl_x64'),
  })
}
for (const name of ['run.sh', 'load.py']) copyFileSync(join(here, name), join(out, name))
chmodSync(join(out, 'run.sh'), 0o755)
// Compressing takes a minute: a Node that is there already stays, unless it is asked for anew.
if (!existsSync(join(out, 'node.xz')) || process.argv.includes('--fresh')) {
  execFileSync('sh', ['-c', 'xz -6 -c "$1" > "$2"', 'sh', process.execPath, join(out, 'node.xz')])
}
const bytes = readdirSync(out, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
console.log(`${out}: ${(bytes / 1024 ** 2).toFixed(1)} MiB`)
