// Asks the registry whether a package that ships has a known vulnerability. Fails on a finding of
// moderate severity or more. Where the registry cannot be asked (no network, no audit endpoint) it
// says so and does not fail: a check that was not made is neither passed nor found wanting. In CI,
// FMWORK_AUDIT=required makes not having asked a failure, too.
import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const counted = ['moderate', 'high', 'critical']

/** @returns what `npm audit --json` said: findings, or why there are none. */
export function verdict(status, stdout) {
  let said
  try {
    said = JSON.parse(stdout)
  } catch {
    return { asked: false, why: `npm audit ended with ${status} and no JSON` }
  }
  if (said.error !== undefined || said.metadata?.vulnerabilities === undefined) {
    return {
      asked: false,
      why: said.error?.summary || said.message || 'the registry gave no answer',
    }
  }
  const findings = Object.values(said.vulnerabilities ?? {})
    .filter(({ severity }) => counted.includes(severity))
    .map(({ name, severity, range }) => `${name} ${range}: ${severity}`)
  return { asked: true, findings }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status, stdout } = spawnSync(npm, ['audit', '--json', '--omit=dev'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  })
  const { asked, why, findings = [] } = verdict(status, stdout ?? '')
  if (!asked) {
    console.log(`audit: NOT ASKED: ${why}. Nothing is known about vulnerabilities.`)
    process.exit(process.env.FMWORK_AUDIT === 'required' ? 1 : 0)
  }
  for (const finding of findings) console.error(`audit: ${finding}`)
  console.log(`audit: asked, ${findings.length} findings of moderate severity or more`)
  process.exit(findings.length === 0 ? 0 : 1)
}
