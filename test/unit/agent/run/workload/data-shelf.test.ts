import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDataShelf } from '../../../../../agent/run/workload/data-shelf.js'
import type { WorkloadData } from '../../../../../shared/domain/workload-data.js'

const azure = 'test/fixtures/traces/azure.csv'
let folder: string
let data: WorkloadData

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-data-'))
  data = {
    file: 'azure.csv',
    format: 'azure',
    sha256: createHash('sha256').update(readFileSync(azure)).digest('hex'),
    requests: 2,
    input_tokens: 385,
    output_tokens: 77,
    longest_tokens: 505,
    seconds: 4.314579,
  }
})
afterEach(() => rmSync(folder, { recursive: true }))

const put = (name: string, text: string | Buffer = readFileSync(azure)) =>
  writeFileSync(join(folder, name), text)
const refused = (code: string, words: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(words) as string }) as Error

describe('a shelf of data', () => {
  it('holds the files of its folders, by hash, and reads the one that is named', async () => {
    put('azure.csv')
    put('twin.csv')
    mkdirSync(join(folder, 'inner'))
    const shelf = await openDataShelf([folder])
    expect(shelf.hashes).toEqual([data.sha256])
    expect(await shelf.requests(data)).toHaveLength(2)
  })

  it('goes on with what it has read, since the hash says it is that', async () => {
    put('azure.csv')
    const shelf = await openDataShelf([folder])
    const requests = await shelf.requests(data)
    put('azure.csv', 'something else')
    expect(await shelf.requests(data)).toBe(requests)
  })

  it('takes the file with the right hash, in whichever folder', async () => {
    const other = join(folder, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'azure.csv'), 'an older one')
    put('azure.csv')
    const shelf = await openDataShelf([other, folder])
    expect(await shelf.requests(data)).toHaveLength(2)
  })

  it('says what is wrong: no file, another file, another format, other facts', async () => {
    const shelf = await openDataShelf([folder])
    await expect(shelf.requests(data)).rejects.toEqual(
      refused('DATA_MISSING', /azure.csv is in none/),
    )
    put('azure.csv', 'TIMESTAMP,ContextTokens,GeneratedTokens\n')
    await expect(shelf.requests(data)).rejects.toEqual(
      refused('DATA_DIFFERS', /is another file here/),
    )
    put('azure.csv')
    await expect(shelf.requests({ ...data, format: 'jsonl' })).rejects.toEqual(
      refused('DATA_DIFFERS', /not of format jsonl/),
    )
    await expect(shelf.requests({ ...data, input_tokens: 9 })).rejects.toEqual(
      refused('DATA_DIFFERS', /input_tokens 9, not 385/),
    )
    await expect(shelf.requests({ ...data, requests: 9 })).rejects.toEqual(
      refused('DATA_DIFFERS', /requests 9, not 5/),
    )
  })

  it('opens nothing outside its folders', async () => {
    mkdirSync(join(folder, 'inner'))
    put('azure.csv')
    const shelf = await openDataShelf([join(folder, 'inner')])
    await expect(shelf.requests({ ...data, file: '../azure.csv' })).rejects.toEqual(
      refused('DATA_MISSING', /none of the data folders/),
    )
  })

  it('refuses a folder that is not there', async () => {
    await expect(openDataShelf([join(folder, 'nowhere')])).rejects.toMatchObject({ code: 'USAGE' })
  })
})
