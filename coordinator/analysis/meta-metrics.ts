import type { Interval, Spent } from '../../shared/domain/meta-metrics.js'

/** What a sweep’s trials and engine starts add up to; verification left out. */
export interface Outlay {
  readonly deviceSecondsByHardware: Readonly<Record<string, number>>
  /** Wall seconds. */
  readonly setUp: number
  readonly warmUp: number
  readonly measuring: number
  readonly gaps: number
  /** Absent unless every trial that cost something told its energy. */
  readonly energyJoules?: number
  readonly engineStarts: number
  readonly engineStartDeviceSeconds: number
  /** Epoch milliseconds. */
  readonly firstGrantAt?: number
  readonly lastResultAt?: number
}

/** A figure that cannot be told yet. */
export const unknownInterval: Interval = { value: NaN, low: NaN, high: NaN }

const sum = (figures: readonly number[]): number => figures.reduce((total, each) => total + each, 0)

/** USD of device-seconds at prices per device-hour; undefined when a class that cost has no price. */
export function costUsd(
  deviceSecondsByHardware: Readonly<Record<string, number>>,
  prices: Readonly<Record<string, number>>,
): number | undefined {
  const used = Object.entries(deviceSecondsByHardware).filter(([, seconds]) => seconds > 0)
  const priced = used.flatMap(([hardware, seconds]) => {
    const price = prices[hardware]
    return price === undefined ? [] : [(seconds / 3600) * price]
  })
  return used.length === 0 || priced.length < used.length ? undefined : sum(priced)
}

/** Time T(S) and resources R(S) of a sweep so far, each part apart. */
export function spentOf(outlay: Outlay, prices: Readonly<Record<string, number>>): Spent {
  const usd = costUsd(outlay.deviceSecondsByHardware, prices)
  const { firstGrantAt, lastResultAt, energyJoules } = outlay
  const known = firstGrantAt !== undefined && lastResultAt !== undefined
  return {
    deviceSeconds: sum(Object.values(outlay.deviceSecondsByHardware)),
    setUp: outlay.setUp,
    warmUp: outlay.warmUp,
    measured: outlay.measuring,
    gaps: outlay.gaps,
    makespan: known ? Math.max(0, lastResultAt - firstGrantAt) / 1000 : 0,
    ...(energyJoules === undefined ? {} : { energyJoules }),
    ...(usd === undefined ? {} : { costUsd: usd }),
  }
}

/**
 * Device-seconds of the engine starts that the full grid would need: one per block, each as dear as
 * those seen so far. The sweep’s own starts are in what it spent, so the grid’s belong here.
 */
export function startsForecast(outlay: Outlay, blocks: number): number {
  if (outlay.engineStarts === 0) return 0
  return (outlay.engineStartDeviceSeconds / outlay.engineStarts) * blocks
}

/** Forecast of the full grid: its trials, and its engine starts. Device-seconds. */
export function fullGridForecast(trials: Interval, starts: number): Interval {
  return { value: trials.value + starts, low: trials.low + starts, high: trials.high + starts }
}

/** Full grid over spent: how many times cheaper the sweep is than its reference, the full grid. */
export function gainOf(fullGrid: Interval, spentDeviceSeconds: number): Interval {
  if (!(spentDeviceSeconds > 0)) return unknownInterval
  return {
    value: fullGrid.value / spentDeviceSeconds,
    low: fullGrid.low / spentDeviceSeconds,
    high: fullGrid.high / spentDeviceSeconds,
  }
}

/** Wall seconds until `remainingDeviceSeconds` are spent at the pace so far; undefined before a pace. */
export function etaSeconds(
  remainingDeviceSeconds: number | undefined,
  spent: Spent,
): number | undefined {
  if (remainingDeviceSeconds === undefined) return undefined
  if (!(spent.deviceSeconds > 0 && spent.makespan > 0)) return undefined
  return (remainingDeviceSeconds / spent.deviceSeconds) * spent.makespan
}
