import { z } from 'zod'
import { FmworkError } from './errors.js'
import type { Problem } from './errors.js'
import { readYaml } from './read-yaml.js'

/** What holding one device of a hardware class for one hour costs. */
export interface DevicePrice {
  /** Hardware class as the price’s author wrote it; matched without regard to case. */
  readonly hardware: string
  readonly usdPerDeviceHour: number
  /** Where the figure comes from, in words. */
  readonly basis: string
  /** Where both were offered: which is cheaper, and what the other costs. */
  readonly choice?: BuyOrRent
}

export interface BuyOrRent {
  readonly cheaper: 'buy' | 'rent'
  readonly otherUsdPerDeviceHour: number
  /** Hours of serving from which buying is cheaper; absent where it never is. */
  readonly buyFromHours?: number
}

export type PriceBook = readonly DevicePrice[]

const usd = z.number().min(0, 'expected USD of 0 or more')
const above = (what: string) => z.number().positive(`expected ${what} above 0`)

/** A number is a rent in USD per device-hour. */
const offer = z.union([
  usd,
  z.strictObject({ rent: usd }),
  z.strictObject({
    /** What renting one costs instead: the cheaper of the two counts. */
    rent: usd.optional(),
    /** USD of one device, its share of the host and the network included. */
    buy: above('USD'),
    /** Hours over which it is written off. */
    lifetime_hours: above('hours'),
    /** Mean electrical power of one device and its share of the host and the cooling. */
    power_watts: above('watts').optional(),
    usd_per_kwh: usd.optional(),
  }),
])

const priceFile = z.strictObject({ prices: z.record(z.string().min(1), offer) })

const money = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 4 })

type Offer = z.infer<typeof offer>
type Purchase = Extract<Offer, { readonly buy: number }>

const rented = (hardware: string, usdPerDeviceHour: number): DevicePrice => ({
  hardware,
  usdPerDeviceHour,
  basis: `rent of ${money(usdPerDeviceHour)} USD per hour`,
})

const powerUsd = ({ power_watts: watts = 0, usd_per_kwh: kwh = 0 }: Purchase): number =>
  (watts / 1000) * kwh

/** Written off over the hours that it serves, its lifetime at most; nothing is resold. */
function bought(hardware: string, given: Purchase, horizonHours: number): DevicePrice {
  const { buy, lifetime_hours: lifetime, power_watts: watts = 0, usd_per_kwh: kwh = 0 } = given
  const hours = Math.min(lifetime, horizonHours)
  const power = watts === 0 ? '' : ` and ${money(watts)} W at ${money(kwh)} USD per kWh`
  return {
    hardware,
    usdPerDeviceHour: buy / hours + powerUsd(given),
    basis: `bought for ${money(buy)} USD, written off over ${money(hours)} h${power}`,
  }
}

function priceOf(hardware: string, given: Offer, horizonHours = Infinity): DevicePrice {
  if (typeof given === 'number') return rented(hardware, given)
  if (!('buy' in given)) return rented(hardware, given.rent)
  const purchase = bought(hardware, given, horizonHours)
  if (given.rent === undefined) return purchase
  const rent = rented(hardware, given.rent)
  const fromHours = given.buy / (given.rent - powerUsd(given))
  const pays = fromHours > 0 && fromHours <= given.lifetime_hours
  const buys = purchase.usdPerDeviceHour < rent.usdPerDeviceHour
  return {
    ...(buys ? purchase : rent),
    choice: {
      cheaper: buys ? 'buy' : 'rent',
      otherUsdPerDeviceHour: (buys ? rent : purchase).usdPerDeviceHour,
      ...(pays ? { buyFromHours: fromHours } : {}),
    },
  }
}

/** The prices of a sweep file. */
export const bookOf = (prices: Readonly<Record<string, number>>): PriceBook =>
  Object.entries(prices).map(([hardware, each]) => priceOf(hardware, each))

const invalid = (problems: readonly Problem[], cause?: unknown): FmworkError =>
  new FmworkError('PRICES_INVALID', 'the price file is not a list of prices', { problems, cause })

/**
 * Reads a price file: YAML with one key `prices`, a price or an offer per hardware class.
 *
 * @param horizonHours how long devices will serve; what is bought serves all of its lifetime when left out.
 * @throws FmworkError PRICES_INVALID with every problem.
 */
export function readPriceBook(text: string, horizonHours?: number): PriceBook {
  const { prices } = readYaml(text, priceFile, invalid, ({ code, message }) =>
    code === 'invalid_union'
      ? 'expected USD per device-hour, {rent: USD}, or {buy: USD, lifetime_hours: N, power_watts: W, usd_per_kwh: USD, rent: USD}'
      : message,
  )
  return Object.entries(prices).map(([hardware, each]) => priceOf(hardware, each, horizonHours))
}

/**
 * Reads `CLASS=USD`, as the command line writes a price.
 *
 * @throws FmworkError PRICES_INVALID
 */
export function readPrice(text: string): DevicePrice {
  const [, hardware, figure] = /^([^=]+)=(.+)$/.exec(text.trim()) ?? []
  const value = Number(figure)
  if (hardware === undefined || !Number.isFinite(value) || value < 0) {
    throw new FmworkError('PRICES_INVALID', `${text} is not a price`, {
      problems: [
        {
          field: '--price',
          value: JSON.stringify(text),
          expected: 'expected CLASS=USD per device-hour, such as H100=2.5',
        },
      ],
    })
  }
  return priceOf(hardware.trim(), value)
}

/** Later prices of a class replace earlier ones. */
export function mergedBook(...books: readonly PriceBook[]): PriceBook {
  const byClass = new Map<string, DevicePrice>()
  for (const price of books.flat()) byClass.set(price.hardware.toLowerCase(), price)
  return [...byClass.values()]
}

export const priceIn = (book: PriceBook, hardware: string): DevicePrice | undefined =>
  book.find((price) => price.hardware.toLowerCase() === hardware.toLowerCase())

/** Every price times a factor; nothing else changes. */
export const scaledBook = (book: PriceBook, factor: number): PriceBook =>
  book.map((price) => ({ ...price, usdPerDeviceHour: price.usdPerDeviceHour * factor }))
