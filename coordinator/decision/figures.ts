import type { Configuration } from '../../shared/domain/configuration.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Knowledge } from './point.js'

type LoadAxis = Knowledge['loadAxis']

/** Device-seconds that one request takes, from the metrics that were measured. */
export interface ServiceTime {
  /** The metrics it is made from, in the order of its arguments. */
  readonly metrics: readonly MetricName[]
  /** Devices x seconds / requests. */
  readonly deviceSeconds: (configuration: Configuration, ...values: readonly number[]) => number
}

/**
 * How to tell what a request takes: from a measured rate, else from the latencies of a batch or a
 * closed loop, where `load` requests are always in the engine. Undefined where neither is there (an
 * open loop’s load is a rate that nobody promised to be carried).
 */
export function serviceTime(
  metrics: readonly MetricName[],
  loadAxis: LoadAxis,
): ServiceTime | undefined {
  const has = (name: MetricName) => metrics.includes(name)
  if (has('output_throughput')) {
    return {
      metrics: ['output_throughput'],
      deviceSeconds: ({ outputTokens, tensorParallel }, rate = NaN) =>
        (outputTokens * tensorParallel) / rate,
    }
  }
  if (has('request_throughput')) {
    return {
      metrics: ['request_throughput'],
      deviceSeconds: ({ tensorParallel }, rate = NaN) => tensorParallel / rate,
    }
  }
  if (loadAxis === 'request_rate') return undefined
  if (has('e2e')) {
    return {
      metrics: ['e2e'],
      deviceSeconds: ({ load, tensorParallel }, whole = NaN) => (whole * tensorParallel) / load,
    }
  }
  const step = (['itl', 'tpot'] as const).find(has)
  if (step === undefined) return undefined
  const first = (['batch_ttft', 'ttft'] as const).find(has)
  return {
    metrics: first === undefined ? [step] : [step, first],
    deviceSeconds: ({ load, outputTokens, tensorParallel }, gap = NaN, wait = gap) =>
      ((wait + gap * (outputTokens - 1)) * tensorParallel) / load,
  }
}

/** USD of a million of what costs so many device-seconds each. */
export const usdPerMillion = (deviceSeconds: number, usdPerDeviceHour: number): number =>
  ((deviceSeconds * usdPerDeviceHour) / 3600) * 1e6

/** Device-seconds of one request by what they were spent on; their sum is the whole. */
export interface PhaseSplit {
  readonly prefill: number
  readonly decode: number
}

/**
 * Splits a static batch at the moment when every sequence has its first token. Undefined in loops,
 * where reading and writing overlap and no split can be defended.
 *
 * @param whole device-seconds of one request
 * @param firstToken seconds from sending the batch to its last first token
 */
export function phaseSplit(
  whole: number,
  firstToken: number | undefined,
  { load, tensorParallel }: Configuration,
  loadAxis: LoadAxis,
): PhaseSplit | undefined {
  if (loadAxis !== 'batch_size' || firstToken === undefined) return undefined
  const prefill = (firstToken * tensorParallel) / load
  return prefill > whole ? undefined : { prefill, decode: whole - prefill }
}
