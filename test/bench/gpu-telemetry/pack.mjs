// node test/bench/gpu-telemetry/pack.mjs OUT: everything that run.sh needs on a machine without Node.
import { copyFileSync, cpSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, packNode } from '../packed/pack.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..', '..')
const out = process.argv[2]
if (out === undefined) {
  console.error('usage: node test/bench/gpu-telemetry/pack.mjs OUT')
  process.exit(2)
}
mkdirSync(out, { recursive: true })
await bundle(out, {
  entryPoints: [
    // The probe’s module looks for its program beside itself, by its compiled name.
    { in: join(here, 'driver.mjs'), out: 'driver' },
    { in: join(root, 'dist/agent/host/nvml/nvml-probe.js'), out: 'nvml-probe' },
  ],
  external: ['koffi'],
})
for (const name of ['koffi', '@koromix/koffi-linux-x64']) {
  cpSync(join(root, 'node_modules', name), join(out, 'node_modules', name), {
    recursive: true,
    filter: (path) => !path.includes('musl_x64'),
  })
}
copyFileSync(join(here, 'load.py'), join(out, 'load.py'))
packNode(out, join(here, 'run.sh'), process.argv.includes('--fresh'))
const bytes = readdirSync(out, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
console.log(`${out}: ${(bytes / 1024 ** 2).toFixed(1)} MiB`)
