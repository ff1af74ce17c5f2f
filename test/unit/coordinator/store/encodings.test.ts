import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idsOf } from '../../../../coordinator/store/ids.js'
import { fromJson, toJson } from '../../../../coordinator/store/json.js'
import {
  packCounts,
  packTimes,
  unpackCounts,
  unpackTimes,
} from '../../../../coordinator/store/sample-blob.js'
import { storeError } from '../../../../coordinator/store/store-errors.js'

describe('ids', () => {
  const ids = idsOf('9f3ac01b')

  it('come back as the row they name', () => {
    expect(ids.format('t', 12)).toBe('t12.9f3ac01b')
    expect(ids.parse('t', 't12.9f3ac01b')).toBe(12)
  })

  it('are nothing in another store, for another kind, or when mangled', () => {
    expect(idsOf('00000000').parse('t', 't12.9f3ac01b')).toBeUndefined()
    expect(ids.parse('l', 't12.9f3ac01b')).toBeUndefined()
    expect(ids.parse('t', 't12.9f3ac01b; DROP TABLE trial')).toBeUndefined()
    expect(ids.parse('t', 't-1.9f3ac01b')).toBeUndefined()
  })
})

describe('json', () => {
  it('keeps numbers that JSON cannot say', () => {
    const value = { a: NaN, b: [Infinity, -Infinity, 1], c: null, d: 'NaN' }
    expect(fromJson(toJson(value))).toEqual(value)
  })
})

describe('sample blobs', () => {
  it('give back what was packed', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.array(fc.nat()), (times, counts) => {
        expect(unpackTimes(packTimes(times))).toEqual(times)
        expect(unpackCounts(packCounts(counts), counts.length)).toEqual(counts)
      }),
    )
  })
})

describe('storeError', () => {
  const told = (code: string) =>
    storeError(Object.assign(new Error('words'), { code }), '/data/fmwork.sqlite')

  it.each([
    ['SQLITE_FULL', 'DISK_FULL'],
    ['ENOSPC', 'DISK_FULL'],
    ['SQLITE_CORRUPT_VTAB', 'STORE_CORRUPT'],
    ['SQLITE_NOTADB', 'STORE_CORRUPT'],
    ['SQLITE_READONLY_DBMOVED', 'DATA_FOLDER_UNWRITABLE'],
    ['SQLITE_CANTOPEN', 'DATA_FOLDER_UNWRITABLE'],
    ['EROFS', 'DATA_FOLDER_UNWRITABLE'],
  ])('says %s as %s, naming file and cause', (code, row) => {
    expect(told(code)).toMatchObject({
      code: row,
      message: `/data/fmwork.sqlite: words (${code})`,
    })
  })

  it('passes on what is a fault of ours', () => {
    expect(told('SQLITE_CONSTRAINT_CHECK')).not.toHaveProperty('hint')
  })
})
