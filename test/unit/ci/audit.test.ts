import { execFileSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

interface Verdict {
  readonly asked: boolean
  readonly why?: string
  readonly findings?: readonly string[]
}

/** What the audit step makes of an answer of npm’s. */
function verdict(status: number, stdout: string): Verdict {
  const step = pathToFileURL('.ci/audit.mjs').href
  const code = `import { verdict } from ${JSON.stringify(step)}
    process.stdout.write(JSON.stringify(verdict(${status}, ${JSON.stringify(stdout)})))`
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }),
  ) as Verdict
}

describe('the audit step', () => {
  it('counts findings of moderate severity or more', () => {
    const vulnerability = (name: string, severity: string) => ({ name, severity, range: '<2' })
    const said = {
      vulnerabilities: {
        a: vulnerability('a', 'low'),
        b: vulnerability('b', 'moderate'),
        c: vulnerability('c', 'critical'),
      },
      metadata: { vulnerabilities: { total: 3 } },
    }
    expect(verdict(1, JSON.stringify(said))).toEqual({
      asked: true,
      findings: ['b <2: moderate', 'c <2: critical'],
    })
  })

  it.each([
    ['an error of npm', 1, JSON.stringify({ error: { code: 'ENOAUDIT', summary: 'no endpoint' } })],
    ['an error without summary', 1, JSON.stringify({ message: 'request failed', error: {} })],
    ['no answer at all', 1, ''],
    ['an answer of something else', 0, '{}'],
  ])('never takes %s for a clean answer', (_, status, stdout) => {
    expect(verdict(status, stdout)).toMatchObject({
      asked: false,
      why: expect.any(String) as string,
    })
  })
})
