import { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import type { Interval } from '../../../shared/domain/meta-metrics.js'

/** Figures as people read them: three digits that mean something, and always a unit. */

interface Scale {
  readonly unit: string
  /** How many of the unit make one of the base unit. */
  readonly perBase: number
}

const noFigure = '–'

/** To the cent; of less than a dollar three digits that mean something, if it has them. */
export function usdWords(usd: number): string {
  if (!Number.isFinite(usd)) return noFigure
  const exponent = usd === 0 ? 0 : Math.floor(Math.log10(Math.abs(usd)))
  const most = exponent >= 0 ? 2 : Math.min(12, 2 - exponent)
  return `${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: most })} USD`
}

/** At most `digits` significant digits, no exponent, thousands separated. */
export function figure(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return noFigure
  if (value === 0) return '0'
  const exponent = Math.floor(Math.log10(Math.abs(value)))
  const decimals = Math.max(0, Math.min(12, digits - 1 - exponent))
  const rounded =
    exponent >= digits
      ? Math.round(value / 10 ** (exponent - digits + 1)) * 10 ** (exponent - digits + 1)
      : value
  return rounded.toLocaleString('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
}

export const wholeNumber = (value: number): string => Math.round(value).toLocaleString('en')

function timeScale(seconds: number): Scale {
  const size = Math.abs(seconds)
  if (size > 0 && size < 1e-3) return { unit: 'µs', perBase: 1e6 }
  if (size > 0 && size < 1) return { unit: 'ms', perBase: 1e3 }
  return { unit: 's', perBase: 1 }
}

function costScale(deviceSeconds: number): Scale {
  return Math.abs(deviceSeconds) < 7200
    ? { unit: 'device-s', perBase: 1 }
    : { unit: 'device-h', perBase: 1 / 3600 }
}

function byteScale(bytes: number): Scale {
  const scales = [
    { unit: 'GB', perBase: 1e-9 },
    { unit: 'MB', perBase: 1e-6 },
    { unit: 'kB', perBase: 1e-3 },
  ]
  return scales.find(({ perBase }) => Math.abs(bytes) * perBase >= 1) ?? { unit: 'B', perBase: 1 }
}

const percentScale: Scale = { unit: '%', perBase: 100 }

/** The scale that suits a metric’s values around `value`; values are in the metric’s own unit. */
export function metricScale(metric: MetricName, value: number): Scale {
  const { unit } = metricTable[metric]
  if (unit === 's') return timeScale(value)
  if (unit === 'B') return byteScale(value)
  return { unit, perBase: 1 }
}

const scaled = (value: number, scale: Scale, digits?: number): string =>
  Number.isFinite(value) ? `${figure(value * scale.perBase, digits)} ${scale.unit}` : noFigure

/** Both bounds in the unit and with the decimals of the value: `12.3 ms (11.0 – 13.9)`. */
function scaledInterval({ value, low, high }: Interval, scale: Scale, digits = 3): string {
  if (!Number.isFinite(value)) return noFigure
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value * scale.perBase)))
  const decimals = Math.max(0, Math.min(6, digits - 1 - exponent))
  const at = (bound: number) =>
    Number.isFinite(bound)
      ? (bound * scale.perBase).toLocaleString('en', {
          minimumFractionDigits: decimals,
          maximumFractionDigits: decimals,
        })
      : 'unknown'
  if (!Number.isFinite(low) && !Number.isFinite(high)) return `${at(value)} ${scale.unit}`
  return `${at(value)} ${scale.unit} (${at(low)} – ${at(high)})`
}

export const metricValue = (metric: MetricName, value: number): string =>
  scaled(value, metricScale(metric, value))

export const metricInterval = (metric: MetricName, interval: Interval): string =>
  scaledInterval(interval, metricScale(metric, interval.value))

export const deviceSeconds = (value: number): string => scaled(value, costScale(value))
export const deviceSecondsInterval = (interval: Interval): string =>
  scaledInterval(interval, costScale(interval.value))

/** A share of 1 as per cent, one decimal. */
export const percent = (share: number): string =>
  Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : noFigure

/** Errors that noise alone makes are told by measuring the same again. */
export const noiseFloorWords = (noiseFloor: number): string =>
  Number.isFinite(noiseFloor) ? `noise floor ${percent(noiseFloor)}` : 'noise not known yet'

/** A probability that a few hundred draws told: they know none closer to 0 or 1 than this. */
export const chance = (probability: number): string =>
  probability > 0.995 ? 'over 99 %' : probability < 0.005 ? 'under 1 %' : percent(probability)

export function percentInterval(interval: Interval): string {
  return scaledInterval(interval, percentScale, Math.abs(interval.value) >= 0.1 ? 3 : 2)
}

/** How many times cheaper: `14.9x`. */
export const times = (ratio: number): string =>
  Number.isFinite(ratio) ? `${figure(ratio, ratio < 10 ? 2 : 3)}x` : noFigure

export function timesInterval({ value, low, high }: Interval): string {
  if (!Number.isFinite(value)) return noFigure
  if (!Number.isFinite(low) || !Number.isFinite(high)) return times(value)
  return `${times(value)} (${times(low)} – ${times(high)})`
}

/** One side over another, where what matters is how far from 1 it is: `0.987x (0.951x – 1.02x)`. */
export function ratioInterval({ value, low, high }: Interval): string {
  const ratio = (each: number) => (Number.isFinite(each) ? `${figure(each, 3)}x` : noFigure)
  if (!Number.isFinite(low) || !Number.isFinite(high)) return ratio(value)
  return `${ratio(value)} (${ratio(low)} – ${ratio(high)})`
}

export const byteCount = (bytes: number): string => scaled(bytes, byteScale(bytes))

/** Wall time for people: `420 ms`, `12.3 s`, `4 min 10 s`, `2 h 5 min`. */
export function wallTime(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return noFigure
  if (seconds < 60) return scaled(seconds, timeScale(seconds))
  const whole = Math.round(seconds)
  const parts = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}
