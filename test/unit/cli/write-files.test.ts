import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refuseFilled, refuseOverwriting, writeFiles } from '../../../cli/write-files.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-write-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const thrown = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('files that a command writes', () => {
  it('are written into folders that are made', () => {
    const paths = writeFiles(join(folder, 'new'), [{ path: 'a/b.json', text: '{}' }], '--output')
    expect(paths).toEqual([join(folder, 'new', 'a', 'b.json')])
    expect(readFileSync(paths[0] as string, 'utf8')).toBe('{}')
  })

  it('name the flag and the folder when they cannot be written', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const expected = {
      code: 'DATA_FOLDER_UNWRITABLE',
      problems: [{ field: '--out', value: file }],
      hint: 'Give a folder of your own with --out DIR.',
    }
    expect(thrown(() => writeFiles(file, [{ path: 'a', text: '' }], '--out'))).toMatchObject(
      expected,
    )
    expect(thrown(() => refuseFilled(file, '--out'))).toMatchObject(expected)
  })

  it('replace nothing unasked', () => {
    refuseFilled(folder, '--output')
    refuseFilled(join(folder, 'new'), '--output')
    const [path] = writeFiles(folder, [{ path: 'grid.csv', text: 'x' }], '--out')
    expect(thrown(() => refuseFilled(folder, '--output'))).toMatchObject({
      code: 'USAGE',
      problems: [{ field: '--output', value: folder }],
    })
    expect(thrown(() => refuseOverwriting([path as string], '--name', 'grid'))).toMatchObject({
      code: 'USAGE',
      problems: [{ field: '--name', value: 'grid' }],
    })
    refuseOverwriting([join(folder, 'other.csv')], '--name', 'other')
  })
})
