import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tellFailure } from '../../../cli/failure.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import { FakeClock } from '../../../shared/process/clock.js'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'fmwork-failure-'))
})
afterEach(() => {
  rmSync(data, { recursive: true })
})

describe('a failure', () => {
  it('is told by its row, message and hint', () => {
    const error = new FmworkError('PORT_IN_USE', '127.0.0.1:7070 is taken')
    const { text, exit } = tellFailure(error, data, new FakeClock())
    expect(exit).toBe(30)
    expect(text).toMatch(/^error PORT_IN_USE: 127\.0\.0\.1:7070 is taken\nhint: /)
  })

  it('of FMwork itself keeps its stack in the log of the data folder and shows none', () => {
    const bug = new TypeError('x is not a function', { cause: new Error('deeper') })
    const { text, exit } = tellFailure(bug, data, new FakeClock())
    const log = join(data, 'logs', 'cli.log')
    expect(exit).toBe(70)
    expect(text).toBe(
      `error INTERNAL: x is not a function\nhint: Please report it, with ${log} and the logs beside it.`,
    )
    const kept = readFileSync(log, 'utf8')
    expect(kept).toMatch(/^2023-11-14T22:13:20\.000Z TypeError: x is not a function\n +at /)
    expect(kept).toContain('caused by Error: deeper')
  })

  it('makes no data folder of a name', () => {
    const { text } = tellFailure('odd', join(data, 'missing'), new FakeClock())
    expect(text).toContain(join(tmpdir(), 'fmwork-cli.log'))
  })
})
