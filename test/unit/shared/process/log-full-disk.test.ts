import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../../../../shared/process/log.js'
import { SmallDisk } from '../../../fixtures/small-disk.js'

let disk: SmallDisk
beforeEach(() => {
  disk = new SmallDisk(4)
})
afterEach(() => {
  disk.remove()
})

describe('a log on a full disk', () => {
  it('ends no program: lines wait for room, and those that are lost are counted', async (context) => {
    disk.orSkip(context)
    const file = join(disk.folder, 'logs', 'program.log')
    const log = createLog({ name: 'test', level: 'info', file })
    const lines = () =>
      readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly msg: string; readonly lines?: number })
    log.info('before')
    const empty = disk.fill(0)
    const long = 'x'.repeat(10_000)
    for (let count = 0; count < 150; count += 1) log.info(`full ${count} ${long}`)
    empty()
    log.info('after')
    await expect.poll(() => lines().at(-1)?.lines).toBeGreaterThan(0)
    const told = lines()
    expect(told[0]?.msg).toBe('before')
    const kept = told.filter(({ msg }) => msg.startsWith('full '))
    expect(kept.map(({ msg }) => Number(msg.split(' ')[1]))).toEqual([...kept.keys()])
    expect(kept.length + (told.at(-1)?.lines ?? 0)).toBe(150)
    expect(told.some(({ msg }) => msg === 'after')).toBe(true)
  })
})
