import { describe, expect, it } from 'vitest'
import { programFailure } from '../../../../cli/processes/program-failure.js'
import { errorTable } from '../../../../shared/domain/error-table.js'
import { FmworkError, formatError } from '../../../../shared/domain/errors.js'

const end = (tail: readonly string[], code: number | null = 1) => ({ code, signal: null, tail })

describe('the failure of a child program', () => {
  it('is read back from what it printed, word for word', () => {
    const told = new FmworkError('PORT_IN_USE', '127.0.0.1:7070 is in use by another program', {
      problems: [
        { field: '--listen', value: '127.0.0.1:7070', expected: 'expected a free port' },
        { field: 'space.batch_size', expected: 'expected 1 or more', line: 3, column: 5 },
      ],
      hint: 'Give another port.',
    })
    const failure = programFailure('coordinator', end(formatError(told).split('\n')))
    expect(failure.code).toBe('PORT_IN_USE')
    expect(formatError(failure)).toBe(formatError(told))
  })

  it('is the last one printed, with log lines around it left out', () => {
    const tail = [
      'error DISK_FULL: an older one',
      'hint: Free some space.',
      '{"level":30}',
      'error STORE_CORRUPT: the database is damaged',
      'a warning of the runtime',
    ]
    const failure = programFailure('coordinator', end(tail))
    expect(failure).toMatchObject({
      code: 'STORE_CORRUPT',
      message: 'the database is damaged',
      problems: [],
      hint: errorTable.STORE_CORRUPT.hint,
    })
  })

  it('is told by the exit code where nothing was printed', () => {
    const failure = programFailure('agent-1', end([], errorTable.AUTHENTICATION_FAILED.exit))
    expect(failure.code).toBe('AUTHENTICATION_FAILED')
    expect(failure.message).toBe(
      `the agent-1 process ended by exit code ${errorTable.AUTHENTICATION_FAILED.exit}`,
    )
  })

  it('is internal when neither says, and points at the log', () => {
    const killed = { code: null, signal: 'SIGKILL', tail: ['error NO_SUCH_CODE: x'] } as const
    expect(programFailure('agent-1', killed, 'data/logs/agent-1.log')).toMatchObject({
      code: 'INTERNAL',
      message: 'the agent-1 process ended by signal SIGKILL; it last said: error NO_SUCH_CODE: x',
      hint: 'Read the end of data/logs/agent-1.log.',
    })
  })
})
