import { describe, expect, it } from 'vitest'
import {
  mergedBook,
  priceIn,
  readPrice,
  readPriceBook,
} from '../../../../shared/domain/price-book.js'

describe('a price file', () => {
  const book = readPriceBook(`prices:
  H100: 2.5
  A100: {rent: 1.4}
  L40S: {buy: 9000, lifetime_hours: 30000, power_watts: 500, usd_per_kwh: 0.2}
`)

  it('holds rents, and what buying costs by the hour', () => {
    expect(priceIn(book, 'H100')?.usdPerDeviceHour).toBe(2.5)
    expect(priceIn(book, 'a100')?.usdPerDeviceHour).toBe(1.4)
    // 9000 / 30000 + 0.5 kW x 0.2 USD.
    expect(priceIn(book, 'L40S')?.usdPerDeviceHour).toBeCloseTo(0.4, 12)
    expect(priceIn(book, 'L40S')?.basis).toContain('written off over 30,000 h')
    expect(priceIn(book, 'B200')).toBeUndefined()
  })

  it('is refused with every problem named', () => {
    const refuse = (text: string) => expect(() => readPriceBook(text))
    refuse('prices: {H100: -1}').toThrow(expect.objectContaining({ code: 'PRICES_INVALID' }))
    refuse('prices: {H100: {buy: 3}}').toThrow('not a list of prices')
    refuse('price: {}').toThrow('not a list of prices')
    refuse('prices: [').toThrow('not a list of prices')
    try {
      readPriceBook('prices: {H100: {lend: 1}, A100: cheap}')
    } catch (error) {
      expect(error).toMatchObject({
        problems: [{ field: 'prices.H100' }, { field: 'prices.A100' }],
      })
    }
  })
})

describe('a price of the command line', () => {
  it('is CLASS=USD; names may hold spaces', () => {
    expect(readPrice('AMD MI250=1.1')).toMatchObject({
      hardware: 'AMD MI250',
      usdPerDeviceHour: 1.1,
    })
    for (const text of ['H100', '=2', 'H100=', 'H100=x', 'H100=-1']) {
      expect(() => readPrice(text)).toThrow(expect.objectContaining({ code: 'PRICES_INVALID' }))
    }
  })

  it('replaces an earlier price of the class, however written', () => {
    const book = mergedBook([readPrice('H100=2')], [readPrice('h100=3'), readPrice('A100=1')])
    expect(book.map(({ hardware, usdPerDeviceHour }) => [hardware, usdPerDeviceHour])).toEqual([
      ['h100', 3],
      ['A100', 1],
    ])
  })

  it('refuses an alias without its anchor', () => {
    expect(() => readPriceBook('prices: {H100: *nobody}')).toThrow(
      expect.objectContaining({ code: 'PRICES_INVALID' }),
    )
  })
})
