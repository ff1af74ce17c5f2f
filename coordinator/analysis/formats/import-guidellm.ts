import { configurationOf } from './configuration-of.js'
import { Fields, hasAll, own } from './fields.js'
import type { DefinitionName } from './definitions.js'
import type { ImportedMetric, ImportedRecord, ImportFormat, Statistic } from './format.js'
import { Reading } from './reading.js'
import { wholeTokens } from './request-lengths.js'

const isReport = (value: unknown): boolean => {
  const benchmarks = own(value, 'benchmarks')
  return (
    Array.isArray(benchmarks) &&
    benchmarks.some((each) => hasAll(own(each, 'metrics'), 'time_to_first_token_ms'))
  )
}

const percentiles: Readonly<Record<string, Statistic>> = {
  p01: 'p1',
  p05: 'p5',
  p10: 'p10',
  p25: 'p25',
  p75: 'p75',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
  p999: 'p99.9',
}

const named = (name: string, metrics: readonly ImportedMetric[]): ImportedMetric[] =>
  metrics.map((metric) => ({ ...metric, field: `metrics.${name}.successful.${metric.field}` }))

/** What the successful requests gave; nothing where there were none. */
function successful(metrics: Fields | undefined, name: string): Fields | undefined {
  const found = metrics?.object(name)?.object('successful')
  return found?.positive('count') === undefined ? undefined : found
}

function distribution(
  metrics: Fields | undefined,
  name: string,
  definition: DefinitionName,
  per: number,
): ImportedMetric[] {
  const found = successful(metrics, name)
  if (found === undefined) return []
  const inside = found.object('percentiles')
  return named(name, [
    ...found.metric('mean', definition, 'mean', per),
    ...found.metric('median', definition, 'median', per),
    ...found.metric('std_dev', definition, 'std', per),
    ...Object.entries(percentiles).flatMap(
      ([key, statistic]) => inside?.metric(key, definition, statistic, per) ?? [],
    ),
  ])
}

/** Only the mean: of values weighted by tokens it is the figure itself. */
function meanOf(
  metrics: Fields | undefined,
  name: string,
  definition: DefinitionName,
  statistic: Statistic,
  per = 1,
): ImportedMetric[] {
  return named(name, successful(metrics, name)?.metric('mean', definition, statistic, per) ?? [])
}

/** How the requests were sent. Where it stands has changed between versions. */
function strategyOf(benchmark: Fields): Fields | undefined {
  for (const name of ['config', 'args', 'scheduler']) {
    const inside = benchmark.raw(name)
    if (hasAll(inside, 'strategy')) return benchmark.object(name)?.object('strategy')
  }
  return undefined
}

function loadOf(strategy: Fields | undefined) {
  if (strategy === undefined) return { workload: 'open-loop', load: undefined } as const
  switch (strategy.text('type_') ?? '') {
    case 'synchronous':
      return { workload: 'closed-loop', load: 1 } as const
    case 'concurrent':
      return { workload: 'closed-loop', load: strategy.count('streams') } as const
    case 'throughput':
      return { workload: 'closed-loop', load: strategy.count('max_concurrency') } as const
    default:
      return { workload: 'open-loop', load: strategy.positive('rate') } as const
  }
}

function modelOf(report: Fields, benchmark: Fields): string | undefined {
  const places = [
    benchmark.raw('config'),
    own(own(report.raw('config'), 'spec'), 'backend'),
    own(benchmark.raw('config'), 'backend'),
    report.raw('args'),
  ]
  const found = places.map((each) => own(each, 'model')).find((each) => typeof each === 'string')
  return typeof found === 'string' ? found : undefined
}

function recordOf(reading: Reading, report: Fields, benchmark: Fields): ImportedRecord[] {
  const metrics = benchmark.object('metrics')
  const { workload, load } = loadOf(strategyOf(benchmark))
  const mean = (name: string) => successful(metrics, name)?.positive('mean')
  const output = mean('output_token_count')
  if (output === undefined) {
    reading.note(benchmark.place, 'successful', undefined, 'has no successful request; left out')
    return []
  }
  const seconds =
    benchmark.positive('duration') ??
    (benchmark.positive('end_time') ?? 0) - (benchmark.positive('start_time') ?? 0)
  const errored = metrics?.object('request_totals')?.positive('errored')
  if (errored !== undefined) {
    reading.note(
      benchmark.place,
      'errored',
      errored,
      'requests failed; the figures are of the others',
    )
  }
  const lengths = (name: string) => wholeTokens(reading, benchmark, name, mean(name))
  return [
    {
      configuration: configurationOf({
        model: modelOf(report, benchmark),
        engineArgs: {},
        load,
        inputTokens: lengths('prompt_token_count'),
        outputTokens: lengths('output_token_count'),
      }),
      workload,
      metrics: [
        ...distribution(metrics, 'time_to_first_token_ms', 'ttft.guidellm', 1000),
        ...meanOf(metrics, 'inter_token_latency_ms', 'itl.token_weighted', 'mean', 1000),
        ...distribution(metrics, 'time_per_output_token_ms', 'tpot.guidellm', 1000),
        ...distribution(metrics, 'request_latency', 'e2e.last_byte', 1),
        ...meanOf(metrics, 'output_tokens_per_second', 'output_throughput.trimmed', 'total'),
        ...meanOf(metrics, 'requests_per_second', 'request_throughput.trimmed', 'total'),
      ],
      ...(seconds > 0 ? { cost: { seconds, basis: 'whole run' } } : {}),
      environment: report.object('metadata')?.scalars(['guidellm_version', 'platform']) ?? {},
      origin: { path: reading.path, place: benchmark.place },
    },
  ]
}

/** guidellm’s benchmarks.json, from its version 0.3 on. */
export const guidellmFormat: ImportFormat = {
  name: 'guidellm',
  title: 'benchmarks.json of guidellm',
  recognises: (content) => content.kind === 'json' && isReport(content.value),
  read(content) {
    const reading = new Reading(content.path, this.title)
    const report = new Fields(reading, content.kind === 'json' ? content.value : null, { path: '' })
    return reading.done(
      report.objects('benchmarks').flatMap((each) => recordOf(reading, report, each)),
    )
  },
}
