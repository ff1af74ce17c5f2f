import { readFileSync } from 'node:fs'
import type { Knowledge } from '../coordinator/decision/point.js'
import { FmworkError } from '../shared/domain/errors.js'
import { mergedBook, readPrice, readPriceBook } from '../shared/domain/price-book.js'
import type { PriceBook } from '../shared/domain/price-book.js'

export interface PriceOptions {
  /** `CLASS=USD` per device-hour. */
  readonly price: readonly string[]
  /** A price file. */
  readonly prices?: string
  /** Hours over which what is bought is written off. */
  readonly horizon?: number
}

export const hardwareIn = ({ points }: Pick<Knowledge, 'points'>): string[] => [
  ...new Set(points.map(({ configuration }) => configuration.hardware)),
]

const isAmong = (classes: readonly string[], hardware: string): boolean =>
  classes.some((each) => each.toLowerCase() === hardware.toLowerCase())

/** Only those of hardware that there is. */
export const pricesOf = (book: PriceBook, classes: readonly string[]): PriceBook =>
  book.filter(({ hardware }) => isAmong(classes, hardware))

function priceFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new FmworkError('PRICES_INVALID', `cannot read ${path}`, {
      problems: [{ field: '--prices', value: path, expected: 'expected a readable YAML file' }],
      cause,
    })
  }
}

/**
 * The price file, then the flags, which replace its prices. A file may hold more classes than there are.
 *
 * @param owner what has the hardware classes.
 * @throws FmworkError PRICES_INVALID
 */
export function givenPrices(
  owner: string,
  classes: readonly string[],
  options: PriceOptions,
): PriceBook {
  const flags = options.price.map(readPrice)
  const unknown = flags.find(({ hardware }) => !isAmong(classes, hardware))
  if (unknown !== undefined) {
    throw new FmworkError('PRICES_INVALID', `${owner} has no hardware ${unknown.hardware}`, {
      problems: [
        {
          field: '--price',
          value: unknown.hardware,
          expected: `expected one of ${classes.join(', ')}`,
        },
      ],
    })
  }
  const file =
    options.prices === undefined ? [] : readPriceBook(priceFile(options.prices), options.horizon)
  return mergedBook(pricesOf(file, classes), flags)
}
