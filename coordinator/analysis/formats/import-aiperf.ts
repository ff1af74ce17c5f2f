import { configurationOf } from './configuration-of.js'
import type { DefinitionName } from './definitions.js'
import { Fields, hasAll, own } from './fields.js'
import type { ImportedMetric, ImportFormat, Statistic } from './format.js'
import { Reading } from './reading.js'
import { wholeTokens } from './request-lengths.js'

/** What AIPerf’s tags mean: its inter-token latency is what others call TPOT. */
const latencies: Readonly<Record<string, DefinitionName>> = {
  time_to_first_token: 'ttft',
  time_to_second_token: 'second_token',
  inter_token_latency: 'tpot',
  inter_chunk_latency: 'itl.pooled',
  request_latency: 'e2e.last_byte',
}

const statistics: Readonly<Record<string, Statistic>> = {
  avg: 'mean',
  p50: 'median',
  std: 'std',
  min: 'min',
  max: 'max',
  p1: 'p1',
  p5: 'p5',
  p10: 'p10',
  p25: 'p25',
  p75: 'p75',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
}

/** How many of a unit make a second. */
const perSecond: Readonly<Record<string, number>> = {
  ns: 1e9,
  us: 1e6,
  ms: 1e3,
  sec: 1,
  s: 1,
}

function latency(reading: Reading, report: Fields, tag: string): ImportedMetric[] {
  const found = report.object(tag)
  const definition = latencies[tag]
  if (found === undefined || definition === undefined) return []
  const unit = found.text('unit') ?? ''
  const per = Object.hasOwn(perSecond, unit) ? perSecond[unit] : undefined
  if (per === undefined) {
    reading.wrong(found.place, 'unit', unit, `expected one of ${Object.keys(perSecond).join(', ')}`)
    return []
  }
  return Object.entries(statistics).flatMap(([name, statistic]) =>
    found
      .metric(name, definition, statistic, per)
      .map((metric) => ({ ...metric, field: `${tag}.${name}` })),
  )
}

function rate(report: Fields, tag: string, definition: DefinitionName): ImportedMetric[] {
  const found = report.object(tag)?.metric('avg', definition, 'total') ?? []
  return found.map((metric) => ({ ...metric, field: `${tag}.avg` }))
}

function secondsOf(report: Fields): number | undefined {
  const told = report.object('benchmark_duration')?.positive('avg')
  if (told !== undefined) return told
  const at = (name: string) => Date.parse(report.text(name) ?? '')
  const seconds = (at('end_time') - at('start_time')) / 1000
  return seconds > 0 ? seconds : undefined
}

function modelOf(config: Fields | undefined): string | undefined {
  const names = own(config?.raw('endpoint'), 'model_names')
  const first: unknown = Array.isArray(names) ? names[0] : undefined
  return typeof first === 'string' ? first : undefined
}

/** AIPerf’s profile_export_aiperf.json. */
export const aiperfFormat: ImportFormat = {
  name: 'aiperf',
  title: 'profile_export_aiperf.json of AIPerf',
  recognises: (content) =>
    content.kind === 'json' &&
    hasAll(content.value, 'input_config', 'request_latency') &&
    hasAll(own(content.value, 'request_latency'), 'unit', 'avg'),
  read(content) {
    const reading = new Reading(content.path, this.title)
    const report = new Fields(reading, content.kind === 'json' ? content.value : null, { path: '' })
    const config = report.object('input_config')
    const load = config?.object('loadgen')
    const open = load?.positive('request_rate') !== undefined
    const seconds = secondsOf(report)
    const lengths = (tag: string) =>
      wholeTokens(reading, report, tag, report.object(tag)?.positive('avg'))
    if (report.raw('was_cancelled') === true) {
      reading.note(report.place, 'was_cancelled', true, 'the run was cut short')
    }
    const failed = report.object('error_request_count')?.positive('avg')
    if (failed !== undefined) {
      reading.note(report.place, 'error_request_count', failed, 'requests failed')
    }
    return reading.done([
      {
        configuration: configurationOf({
          model: modelOf(config),
          engineArgs: {},
          load: open ? load.positive('request_rate') : load?.count('concurrency'),
          inputTokens: lengths('input_sequence_length'),
          outputTokens: lengths('output_sequence_length'),
        }),
        workload: open ? 'open-loop' : 'closed-loop',
        metrics: [
          ...Object.keys(latencies).flatMap((tag) => latency(reading, report, tag)),
          ...rate(report, 'output_token_throughput', 'output_throughput'),
          ...rate(report, 'total_token_throughput', 'total_throughput'),
          ...rate(report, 'request_throughput', 'request_throughput'),
        ],
        ...(seconds === undefined ? {} : { cost: { seconds, basis: 'whole run' } }),
        environment: report.scalars(['aiperf_version', 'benchmark_id', 'start_time', 'end_time']),
        origin: { path: reading.path, place: report.place },
      },
    ])
  },
}
