// Runs vitest, with a JSON report beside the text where FMWORK_TEST_REPORT names a file.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const report = process.env.FMWORK_TEST_REPORT
const reporters = report
  ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  : []
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
process.exit(status ?? 1)
