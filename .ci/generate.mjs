// Writes shared/rpc/gen from proto/ and docs/ERRORS.md from the (built) error table.
// With --check: fails when what is committed differs.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = join(root, 'shared', 'rpc', 'gen')
const check = process.argv.includes('--check')

// The four options of shared/rpc/schema.ts, which must be the same: longs, enums, defaults, oneofs.
const options = ['--longs=Number', '--enums=String', '--defaults', '--oneofs', '--includeComments']
const out = mkdtempSync(join(tmpdir(), 'fmwork-gen-'))
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js'),
    ...options,
    '--grpcLib=@grpc/grpc-js',
    '--importFileExtension=.js',
    '--inputTemplate=%sInput',
    '--outputTemplate=%s',
    '-I',
    'proto',
    '-O',
    out,
    'fmwork/v1/agent.proto',
    'fmwork/v1/control.proto',
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
)
if (status !== 0) process.exit(status ?? 1)

const listing = (folder) =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return [path.slice(folder.length), readFileSync(path, 'utf8')]
      }),
  )
let different = false
if (check) {
  const [fresh, committed] = [listing(out), listing(target)]
  const paths = new Set([...fresh.keys(), ...committed.keys()])
  for (const path of paths) {
    if (fresh.get(path) === committed.get(path)) continue
    console.error(`shared/rpc/gen${path} differs from proto/: run \`npm run generate\``)
    different = true
  }
} else {
  rmSync(target, { recursive: true, force: true })
  cpSync(out, target, { recursive: true })
}
rmSync(out, { recursive: true, force: true })

const { renderErrorsPage } = await import('../dist/shared/domain/errors-page.js')
const errorsPage = join(root, 'docs', 'ERRORS.md')
if (!check) writeFileSync(errorsPage, renderErrorsPage())
else if (!existsSync(errorsPage) || readFileSync(errorsPage, 'utf8') !== renderErrorsPage()) {
  console.error('docs/ERRORS.md differs from the error table: run `npm run generate`')
  different = true
}
process.exit(different ? 1 : 0)
