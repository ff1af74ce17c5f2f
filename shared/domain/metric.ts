/**
 * Every metric that a sweep may ask for: one row each, with unit and definition.
 * docs/METRICS.md explains them at length; FORMATS differ between tools, so the definitions are ours
 * and named.
 */
interface MetricRow {
  readonly unit: string
  readonly better: 'lower' | 'higher'
  /** `latency` and `rate` can be modelled by a surface; `telemetry` describes the machine. */
  readonly family: 'latency' | 'rate' | 'telemetry'
  readonly definition: string
}

export const metricTable = {
  ttft: {
    unit: 's',
    better: 'lower',
    family: 'latency',
    definition:
      'Time from sending a request to its first non-empty chunk; median over the requests of a repetition, then over repetitions.',
  },
  batch_ttft: {
    unit: 's',
    better: 'lower',
    family: 'latency',
    definition:
      'Static batch only (the FMwork paper’s TTFT): time until every sequence of the batch has its first token; median over repetitions.',
  },
  tpot: {
    unit: 's',
    better: 'lower',
    family: 'latency',
    definition: '(e2e - ttft) / (n - 1) per request; median over requests, then over repetitions.',
  },
  itl: {
    unit: 's',
    better: 'lower',
    family: 'latency',
    definition:
      'Inter-token latency, token weighted: sum over requests of (last - first token time) / sum of (n - 1); median over repetitions. Immune to several tokens arriving in one read.',
  },
  e2e: {
    unit: 's',
    better: 'lower',
    family: 'latency',
    definition:
      'Time from sending a request to its last token; median over requests. Static batch: until the last token of the whole batch.',
  },
  output_throughput: {
    unit: 'tok/s',
    better: 'higher',
    family: 'rate',
    definition: 'Output tokens of completed requests / wall time of the measured window.',
  },
  total_throughput: {
    unit: 'tok/s',
    better: 'higher',
    family: 'rate',
    definition: 'Input and output tokens of completed requests / wall time of the measured window.',
  },
  request_throughput: {
    unit: 'req/s',
    better: 'higher',
    family: 'rate',
    definition: 'Completed requests / wall time of the measured window.',
  },
  gpu_utilization: {
    unit: '%',
    better: 'higher',
    family: 'telemetry',
    definition: 'Share of the sampling interval in which a kernel ran, averaged over the window.',
  },
  cpu_utilization: {
    unit: '%',
    better: 'higher',
    family: 'telemetry',
    definition:
      'CPU time of the engine’s process tree / wall time of the window; 100 % is one core.',
  },
  memory: {
    unit: 'B',
    better: 'lower',
    family: 'telemetry',
    definition:
      'Peak memory of the engine over the window: device memory on a GPU, resident set on a CPU.',
  },
  power: {
    unit: 'W',
    better: 'lower',
    family: 'telemetry',
    definition: 'Mean board power over the window, summed over the devices used.',
  },
} as const satisfies Record<string, MetricRow>

export type MetricName = keyof typeof metricTable
export const metricNames = Object.keys(metricTable) as MetricName[]

/** Metrics that a surface can estimate over the whole space, hence that a goal can speak of. */
export type SurfaceMetric = {
  [K in MetricName]: (typeof metricTable)[K]['family'] extends 'telemetry' ? never : K
}[MetricName]

export function isSurfaceMetric(name: MetricName): name is SurfaceMetric {
  return metricTable[name].family !== 'telemetry'
}
