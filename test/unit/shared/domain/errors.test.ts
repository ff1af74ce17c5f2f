import { describe, expect, it } from 'vitest'
import { errorTable } from '../../../../shared/domain/error-table.js'
import { asFmworkError, FmworkError, formatError } from '../../../../shared/domain/errors.js'

describe('the error table', () => {
  const rows = Object.entries(errorTable)

  it('has as many rows as were counted when one was last added or removed', () => {
    expect(rows).toHaveLength(46)
  })

  it('gives every error an exit code of its own, none of them a signal or success', () => {
    const codes = rows.map(([, row]) => row.exit)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) expect(code > 1 && code < 126).toBe(true)
  })

  it('says in every row when it is thrown and what to do', () => {
    for (const [, row] of rows) {
      expect(row.meaning).toMatch(/^Thrown when .+\.$/)
      expect(row.hint.length).toBeGreaterThan(10)
    }
  })
})

describe('FmworkError', () => {
  it('carries exit code and hint of its row', () => {
    const error = new FmworkError('SPACE_EMPTY', 'nothing here')
    expect(error.exitCode).toBe(errorTable.SPACE_EMPTY.exit)
    expect(error.hint).toBe(errorTable.SPACE_EMPTY.hint)
  })

  it('wraps what is not one, keeping the cause', () => {
    const cause = new TypeError('x is not a function')
    const error = asFmworkError(cause)
    expect(error.code).toBe('INTERNAL')
    expect(error.cause).toBe(cause)
    expect(asFmworkError(error)).toBe(error)
  })

  it('prints message, problems with position, and hint', () => {
    const error = new FmworkError('SWEEP_INVALID', 'the sweep file has 1 problem', {
      problems: [{ field: 'foo', value: '1', expected: 'unknown key', line: 3, column: 5 }],
      hint: 'mend it',
    })
    expect(formatError(error, 'a.yaml')).toBe(
      'error SWEEP_INVALID: the sweep file has 1 problem\n  a.yaml:3:5  foo is 1; unknown key\nhint: mend it',
    )
  })
})
