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
      expect.objectContaining({
        code: 'PRICES_INVALID',
        problems: [expect.objectContaining({ field: '(alias)', line: 1, column: 16 })],
      }),
    )
  })
})

describe('a class that can be rented or bought', () => {
  const book = (horizonHours?: number) =>
    readPriceBook(
      'prices: {H100: {rent: 2.5, buy: 24000, lifetime_hours: 24000, power_watts: 1000, usd_per_kwh: 0.1}}',
      horizonHours,
    )[0]

  it('is bought where it serves long enough, and rented else', () => {
    expect(book()).toMatchObject({
      usdPerDeviceHour: 1.1,
      choice: { cheaper: 'buy', otherUsdPerDeviceHour: 2.5, buyFromHours: 10_000 },
    })
    expect(book(5000)).toMatchObject({
      usdPerDeviceHour: 2.5,
      choice: { cheaper: 'rent', buyFromHours: 10_000 },
    })
    expect(book(5000)?.choice?.otherUsdPerDeviceHour).toBeCloseTo(4.9)
    expect(book(10_001)?.choice?.cheaper).toBe('buy')
    // A lifetime ends also where the horizon does not.
    expect(book(1e6)?.usdPerDeviceHour).toBeCloseTo(1.1)
  })

  it('never pays where the rent is below its power, or the lifetime too short', () => {
    const never = (text: string) => readPriceBook(`prices: {H100: ${text}}`)[0]?.choice
    expect(
      never('{rent: 0.05, buy: 9, lifetime_hours: 10, power_watts: 1000, usd_per_kwh: 0.1}'),
    ).toEqual({
      cheaper: 'rent',
      otherUsdPerDeviceHour: 1,
    })
    expect(never('{rent: 1, buy: 100, lifetime_hours: 10}')).toEqual({
      cheaper: 'rent',
      otherUsdPerDeviceHour: 10,
    })
  })
})
