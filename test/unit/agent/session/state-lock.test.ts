import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockState } from '../../../../agent/session/state-lock.js'

let folder: string
let lock: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-lock-'))
  lock = join(folder, 'agent.lock')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the lock of an agent’s folder', () => {
  it('is one process’s, which it names to others, and is gone when released', () => {
    const unlock = lockState(folder)
    expect(() => lockState(folder)).toThrow(
      expect.objectContaining({
        code: 'DATA_FOLDER_LOCKED',
        message: `the agent folder ${folder} is in use by process ${process.pid}`,
      }) as Error,
    )
    unlock()
    expect(readdirSync(folder)).toEqual([])
    lockState(folder)()
  })

  it.each([
    ['that was killed', '999999999 123'],
    ['whose id another program has now', `${process.pid} 1`],
    ['that wrote nothing', ''],
    ['that wrote no number', 'nobody'],
  ])('is taken over from a process %s', (_, holder) => {
    writeFileSync(lock, holder)
    const unlock = lockState(folder)
    expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+$`))
    unlock()
  })
})
