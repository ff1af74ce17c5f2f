import type { Answer, Inquiry } from '../../coordinator/analysis/cost/answer.js'
import type { BreakEven } from '../../coordinator/analysis/cost/break-even.js'
import type { Replica } from '../../coordinator/analysis/cost/fleet.js'
import { priceIn } from '../../shared/domain/price-book.js'
import type { PriceBook } from '../../shared/domain/price-book.js'
import {
  deviceSeconds,
  figure,
  percent,
  wholeNumber,
} from '../../coordinator/analysis/report/units.js'

const money = (usd: number): string => `${figure(usd)} USD`

const replicas = ({ hardware, devices }: Replica, count: number): string =>
  `${wholeNumber(count)} x (${devices} x ${hardware})`

function breakEvenWords(replica: Replica, { cheaperFrom, alwaysFrom }: BreakEven): string {
  const name = `${replica.devices} x ${replica.hardware}`
  if (cheaperFrom === undefined) return `  ${name} is cheaper at no load.`
  if (alwaysFrom === undefined) {
    return `  ${name} is cheaper at some loads from ${figure(cheaperFrom)} req/s on, never for good.`
  }
  return cheaperFrom === alwaysFrom
    ? `  ${name} is cheaper above ${figure(alwaysFrom)} req/s.`
    : `  ${name} is cheaper at some loads from ${figure(cheaperFrom)} req/s on, and at all above ${figure(alwaysFrom)} req/s.`
}

/** Of classes that are offered both ways. */
function buyOrRentLines(prices: PriceBook, classes: ReadonlySet<string>): string[] {
  return [...classes].flatMap((hardware) => {
    const price = priceIn(prices, hardware)
    if (price?.choice === undefined) return []
    const { cheaper, otherUsdPerDeviceHour, buyFromHours } = price.choice
    const other = cheaper === 'buy' ? 'renting' : 'buying'
    const pays =
      buyFromHours === undefined
        ? 'buying never pays within its lifetime'
        : `buying pays from ${wholeNumber(Math.ceil(buyFromHours))} hours of serving on`
    return [
      `  ${cheaper} the ${hardware}: ${money(price.usdPerDeviceHour)} per device-hour, ${other} ${money(otherUsdPerDeviceHour)}; ${pays}`,
    ]
  })
}

/** Which fleet carries the load, what else would, and what to measure before buying it. */
export function servingLines(
  { horizonHours, prices }: Inquiry,
  { serving, benchmark }: Answer,
): string[] {
  if (serving === undefined) return []
  const { fleet, need, alternatives, breakEvens, carriesProbability } = serving
  const spare =
    need.spares === 0
      ? 'no spare'
      : `${need.spares} spare${need.spares === 1 ? '' : 's'} (N+${need.spares})`
  const others = alternatives
    .slice(0, 6)
    .map(
      ({ replica, count, usdPerHour }) =>
        `  ${replicas(replica, count)}: ${money(usdPerHour)} per hour`,
    )
  return [
    '',
    `To carry ${figure(need.requestRate)} req/s: ${fleet.parts.map(({ replica, count }) => replicas(replica, count)).join(' + ')}, ${wholeNumber(fleet.devices)} devices, ${money(fleet.usdPerHour)} per hour.`,
    `  planned at ${percent(need.utilization)} of each replica’s rate with ${spare}; carries it within the limits with probability ${percent(carriesProbability)}${fleet.cheapestProven ? '' : '; a cheaper mix was not ruled out'}`,
    ...buyOrRentLines(prices, new Set(fleet.parts.map(({ replica }) => replica.hardware))),
    ...(others.length < 2 ? [] : ['Of one kind:', ...others]),
    ...(breakEvens.length === 0
      ? []
      : ['Break-even:', ...breakEvens.map((each) => breakEvenWords(each.replica, each.breakEven))]),
    ...(benchmark === undefined
      ? []
      : [
          benchmark.measure.length === 0
            ? `Measuring more costs more than it is expected to save over ${wholeNumber(horizonHours ?? 0)} hours.`
            : `Before that, measure ${wholeNumber(benchmark.measure.length)} contender(s) more: ${deviceSeconds(benchmark.deviceSeconds)}, ${money(benchmark.usd)}, expected to save ${money(benchmark.savingUsd)} over ${wholeNumber(horizonHours ?? 0)} hours.`,
        ]),
  ]
}
