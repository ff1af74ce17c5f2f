import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFileOnce } from '../../../../../agent/run/workload/read-file-once.js'

const bytes = Buffer.alloc(300_000, 'some bytes of a file\n')
const sha256 = createHash('sha256').update(bytes).digest('hex')
let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-read-'))
  path = join(folder, 'data')
  writeFileSync(path, bytes)
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a file read once', () => {
  it('gives what was made of its bytes, and says how far it is', async () => {
    const told: [number, number][] = []
    const once = await readFileOnce(
      path,
      async (pieces) => {
        const all: Buffer[] = []
        for await (const piece of pieces) all.push(piece)
        return Buffer.concat(all)
      },
      (read, of) => told.push([read, of]),
    )
    expect(once.sha256).toBe(sha256)
    expect(once.result().equals(bytes)).toBe(true)
    expect(told.at(-1)).toEqual([bytes.length, bytes.length])
    expect(told.length).toBeGreaterThan(2)
  })

  it('has the hash of all of it, also where what was made of it needs only its start', async () => {
    const once = await readFileOnce(path, async (pieces) => {
      for await (const piece of pieces) return piece.length
      return 0
    })
    expect(once.sha256).toBe(sha256)
    expect(once.result()).toBeLessThan(bytes.length)
  })

  it('has it where nothing could be made of it, and where nobody looked', async () => {
    const failed = await readFileOnce(path, () => Promise.reject(new Error('no such format')))
    expect(failed.sha256).toBe(sha256)
    expect(failed.result).toThrow('no such format')
    expect((await readFileOnce(path, () => Promise.resolve())).sha256).toBe(sha256)
  })

  it('refuses what cannot be read', async () => {
    const make = () => Promise.resolve()
    await expect(readFileOnce(join(folder, 'none'), make)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(readFileOnce(folder, make)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})
