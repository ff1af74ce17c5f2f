import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFolder } from '../../../../shared/process/make-folder.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fmwork-folder-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

const coded = (code: string): Error => expect.objectContaining({ code }) as Error

describe('makeFolder', () => {
  it('makes a folder and those above it, and leaves one that is there', () => {
    const path = join(root, 'a', 'b', 'c')
    makeFolder(path, 0o700)
    makeFolder(path)
    makeFolder(`${path}/`)
    expect(statSync(path).isDirectory()).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o700)
  })

  it('throws where a file is in the way', () => {
    writeFileSync(join(root, 'file'), '')
    expect(() => {
      makeFolder(join(root, 'file'))
    }).toThrow(coded('EEXIST'))
    expect(() => {
      makeFolder(join(root, 'file', 'below'))
    }).toThrow(coded('ENOTDIR'))
  })

  it.skipIf(!existsSync('/proc/self'))('throws where no folder can be made, at once', () => {
    for (const path of ['/proc/fmwork', '/proc/fmwork/below']) {
      expect(() => {
        makeFolder(path)
      }).toThrow(coded('ENOENT'))
    }
  })
})
