import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idsOf } from '../../../../coordinator/store/ids.js'
import { fromJson, toJson } from '../../../../coordinator/store/json.js'
import { pack, unpackDoubles, unpackWords } from '../../../../coordinator/store/packed-numbers.js'
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

describe('packed numbers', () => {
  const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
  it('come back to the last bit, wherever their bytes lie', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.array(word), fc.nat(7), (times, counts, offset) => {
        const moved = (bytes: Uint8Array) => {
          const larger = new Uint8Array(offset + bytes.length)
          larger.set(bytes, offset)
          return larger.subarray(offset)
        }
        const [doubles, words] = [Float64Array.from(times), Uint32Array.from(counts)]
        expect(unpackDoubles(moved(pack(doubles)))).toEqual(doubles)
        expect(unpackWords(moved(pack(words)))).toEqual(words)
      }),
    )
  })

  it('are little-endian on every machine', () => {
    const view = new DataView(new ArrayBuffer(16))
    view.setFloat64(0, 1 / 3, true)
    view.setFloat64(8, -1e300, true)
    const bytes = new Uint8Array(view.buffer)
    expect(pack(Float64Array.of(1 / 3, -1e300))).toEqual(bytes)
    expect(pack(Uint32Array.of(0x0102_0304))).toEqual(Uint8Array.of(4, 3, 2, 1))
    // A machine of the other kind has these bytes in its arrays.
    const there = (numbers: Uint32Array) => new Uint32Array(numbers.buffer.slice(0))
    const turned = there(Uint32Array.of(0x0403_0201))
    expect(pack(turned, false)).toEqual(Uint8Array.of(4, 3, 2, 1))
    expect(unpackWords(Uint8Array.of(4, 3, 2, 1), false)).toEqual(turned)
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
