import { mergedBook, priceIn } from '../../../shared/domain/price-book.js'
import type { PriceBook } from '../../../shared/domain/price-book.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { quantile, sorted } from '../../../shared/stats/quantile.js'
import { sloWords } from '../../decision/slo.js'
import type { Slo } from '../../decision/slo.js'
import type { Shape, Traffic } from '../../decision/traffic.js'
import type { Grid } from './grid.js'

/** A question that a recorded grid is asked: what to run for this traffic within these limits at these prices. */
export interface DecisionCase {
  readonly traffic: Traffic
  readonly slo: Slo
  /** What its price list is called. */
  readonly priceName: string
  /** Has a price for every hardware class of the grid. */
  readonly prices: PriceBook
}

/** Latencies that limits are set on: the first that the grid has. */
const latencies: readonly MetricName[] = ['itl', 'tpot', 'ttft', 'batch_ttft', 'e2e']
const limitShares = [0.25, 0.5, 0.75]
/** Shapes of a grid that are asked about: spread evenly over those with enough rows to choose from. */
const mostShapes = 6
const fewestRows = 4
/** First digits of the limits that people set. */
const roundDigits = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

const shapeWords = ({ inputTokens, outputTokens }: Shape): string =>
  `${inputTokens} in, ${outputTokens} out`

const trafficWords = (traffic: Traffic): string =>
  traffic === 'any' ? 'any lengths' : traffic.map(shapeWords).join('; ')

/** Traffic and limits, in words; cases of one question differ in prices only. */
export const questionWords = ({ traffic, slo }: Pick<DecisionCase, 'traffic' | 'slo'>): string =>
  `${trafficWords(traffic)}, ${sloWords(slo)}`

function roundNumber(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const distance = (each: number) => Math.abs(Math.log(each / value))
  return roundDigits
    .map((digit) => digit * power)
    .reduce((best, each) => (distance(each) < distance(best) ? each : best))
}

export const hardwareOf = (grid: Grid): string[] => [
  ...new Set(grid.configurations.map(({ hardware }) => hardware)),
]

/** Every device-hour at one price: only the device time counts. */
export const equalPrices = (grid: Grid): PriceBook =>
  hardwareOf(grid).map((hardware) => ({ hardware, usdPerDeviceHour: 1, basis: 'equal' }))

/** The cheapest class at the price of the dearest, and so on. */
function turnedRound(prices: PriceBook): PriceBook {
  const ascending = [...prices].sort((a, b) => a.usdPerDeviceHour - b.usdPerDeviceHour)
  return ascending.map((price, k) => ({
    ...price,
    usdPerDeviceHour: ascending[ascending.length - 1 - k]?.usdPerDeviceHour ?? NaN,
  }))
}

/** Price lists by their names: only equal ones where the hardware does not vary. */
function priceLists(grid: Grid, given: PriceBook | undefined): [string, PriceBook][] {
  const equal: [string, PriceBook] = ['equal', equalPrices(grid)]
  const classes = hardwareOf(grid)
  if (classes.length === 1 || given === undefined) return [equal]
  const own = mergedBook(classes.flatMap((name) => priceIn(given, name) ?? []))
  return [equal, ['given', own], ['turned round', turnedRound(own)]]
}

const rowsOf = (grid: Grid, traffic: Traffic): number[] =>
  grid.configurations.flatMap((each, row) =>
    traffic === 'any' ||
    traffic.some(
      ({ inputTokens, outputTokens }) =>
        each.inputTokens === inputTokens && each.outputTokens === outputTokens,
    )
      ? [row]
      : [],
  )

/**
 * Questions made from a grid: the best row whatever its lengths, with limits at the quartiles of its
 * latency; and single shapes, with the round numbers nearest to theirs, since the quantile of few rows is
 * the very value of one, and whether that row keeps it no measurement can tell. Prices: all equal; and where
 * hardware varies those given, and those turned round.
 *
 * @param shapes of the grid, in the order in which they are to be spread over.
 * @returns none where the grid has no latency.
 */
export function casesOf(grid: Grid, shapes: readonly Shape[], given?: PriceBook): DecisionCase[] {
  const metric = latencies.find((name) => grid.metrics.includes(name))
  const values = metric === undefined ? undefined : grid.truth[metric]
  if (metric === undefined || values === undefined) return []
  const rich = shapes.filter((shape) => rowsOf(grid, [shape]).length >= fewestRows)
  const count = Math.min(rich.length, mostShapes)
  const chosen = Array.from({ length: count }, (_, k) =>
    count === 1 ? rich[0] : rich[Math.round((k * (rich.length - 1)) / (count - 1))],
  )
  const traffics: Traffic[] = ['any', ...chosen.flatMap((shape) => (shape ? [[shape]] : []))]
  const prices = priceLists(grid, given)
  return traffics.flatMap((traffic) => {
    const ranked = sorted(rowsOf(grid, traffic).map((row) => values[row] as number))
    const quartiles = limitShares.map((share) => quantile(ranked, share))
    const limits = [...new Set(traffic === 'any' ? quartiles : quartiles.map(roundNumber))]
    return limits.flatMap((limitSeconds) =>
      prices.map(([priceName, book]) => ({
        traffic,
        slo: [{ metric, limitSeconds }],
        priceName,
        prices: book,
      })),
    )
  })
}
