import type { Configuration } from '../../../shared/domain/configuration.js'
import { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import {
  figure,
  metricInterval,
  metricValue,
  wallTime,
  wholeNumber,
} from '../../analysis/report/units.js'

export const isMetric = (name: string): name is MetricName => name in metricTable

/** `ttft` as its column is headed. */
export const metricWords = (metric: string): string => metric.replaceAll('_', ' ')

export const valueWords = (metric: string, value: number): string =>
  isMetric(metric) ? metricValue(metric, value) : figure(value)

export const intervalWords = (
  metric: string,
  interval: { readonly value: number; readonly low: number; readonly high: number },
): string => (isMetric(metric) ? metricInterval(metric, interval) : figure(interval.value))

/** Load, input, output; the block where it says something. */
export function configurationWords(configuration: Configuration): string {
  const { load, inputTokens, outputTokens, tensorParallel } = configuration
  const parallel = tensorParallel === 1 ? '' : ` · tp ${tensorParallel}`
  return `${load} × (${wholeNumber(inputTokens)} in, ${wholeNumber(outputTokens)} out)${parallel}`
}

export function blockWords({ model, engine, engineArgs, hardware }: Configuration): string {
  const args = Object.entries(engineArgs).map(([name, value]) => `${name} ${String(value)}`)
  return [model, engine, ...args, hardware].join(' · ')
}

/** The key of a configuration or a block, what differs most first. */
export function subjectWords(key: string): string {
  const parts = key.split('|')
  const [load, input, output] = parts
    .slice(-3)
    .map((part) => /^[bio]([\d.]+)$/.exec(part)?.[1])
    .map((digits) => (digits === undefined ? undefined : Number(digits)))
  if (load === undefined || input === undefined || output === undefined) return parts.join(' · ')
  const shape = `${load} × (${wholeNumber(input)} in, ${wholeNumber(output)} out)`
  return [shape, ...parts.slice(0, -3)].join(' · ')
}

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

export const timeWords = (epochMs: number): string => clock.format(epochMs)
export const dayWords = (epochMs: number): string =>
  `${day.format(epochMs)}, ${clock.format(epochMs)}`

export const durationWords = (seconds: number): string => wallTime(seconds)

/** `1 trial`, `2 trials`. */
export const countWords = (count: number, one: string, many = `${one}s`): string =>
  `${wholeNumber(count)} ${count === 1 ? one : many}`

export const energyWords = (joules: number): string =>
  joules < 3.6e6 ? `${figure(joules / 1000)} kJ` : `${figure(joules / 3.6e6)} kWh`
