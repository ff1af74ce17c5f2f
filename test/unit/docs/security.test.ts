import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const text = readFileSync('docs/SECURITY.md', 'utf8')
const section = (title: string): string =>
  text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
const rowsOf = (title: string): string[][] =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()))

/** Where the limits are tested when a cell names no file: those of calls, those of HTTP. */
const limitTests = [
  'test/integration/rpc-limits.test.ts',
  'test/unit/coordinator/service/http/hostile-connections.test.ts',
]
/** Test files that a cell names; those of the limits stand in one folder. */
const filesOf = (cell: string): string[] =>
  [...cell.matchAll(/[\w./-]+\.test\.ts/g)].map(([name]) =>
    name.includes('/') ? name : `test/integration/${name}`,
  )
/** Parts of names of tests. */
const quotesOf = (cell: string): string[] =>
  [...cell.matchAll(/“([^”]+)”/g)].map(([, quote = '']) => quote)

const threats = rowsOf('Threats').map((row) => ({ what: row[1] ?? '', test: row[3] ?? '' }))
const limits = rowsOf('Limits').map((row) => ({ what: row[1] ?? '', test: row[3] ?? '' }))

describe('docs/SECURITY.md', () => {
  it('has a test for every threat', () => {
    expect(threats.length).toBeGreaterThan(15)
    expect(threats.filter(({ test }) => filesOf(test).length === 0)).toEqual([])
  })

  it.each([...threats, ...limits])('names a test that is there: $what', ({ test }) => {
    const files = filesOf(test)
    for (const file of files) expect({ file, is: existsSync(file) }).toEqual({ file, is: true })
    const among = [...files, ...limitTests].map((file) => readFileSync(file, 'utf8')).join('\n')
    if (/\.test\.ts|“/.test(test)) {
      for (const quote of quotesOf(test).filter((each) => !/^\d+$/.test(each))) {
        expect(among).toContain(quote)
      }
    }
  })
})
