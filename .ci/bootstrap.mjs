// What `npm start` and `npm test` run first: installs and builds what a fresh clone lacks, and
// nothing when all is in place. Plain JavaScript with no dependency, since none may be there yet.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error || status !== 0) {
    console.error(`error: ${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`)
    process.exit(status ?? 1)
  }
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: FMwork needs Node 20.19 or newer; this is ${process.version}`)
  process.exit(1)
}
if (major === 24 && minor >= 19) {
  // docs/adr/001-node-floor.md
  console.error(
    `warning: on Node 24.19 and newer a coordinator may abort; this is ${process.version}. Node 20.19 to 24.18 has no such fault.`,
  )
}

const stamp = join(root, 'node_modules', '.fmwork-installed')
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(process.versions.modules)
  .digest('hex')
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.log('Installing packages (once; about a minute) ...')
  run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, wanted)
}
run(npm, ['run', '--silent', 'build'])
