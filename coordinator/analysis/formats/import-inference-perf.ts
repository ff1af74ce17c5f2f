import { FmworkError } from '../../../shared/domain/errors.js'
import { configurationOf } from './configuration-of.js'
import type { DefinitionName } from './definitions.js'
import { Fields, hasAll, own } from './fields.js'
import type { ImportedMetric, ImportFormat, Statistic } from './format.js'
import { printablePath, Reading } from './reading.js'
import { wholeTokens } from './request-lengths.js'

/** Seconds, all of them. */
const latencies: Readonly<Record<string, DefinitionName>> = {
  request_latency: 'e2e.last_byte',
  time_to_first_token: 'ttft',
  time_per_output_token: 'tpot',
  normalized_time_per_output_token: 'tpot.normalized',
  inter_token_latency: 'itl.pooled',
}

const statistics: readonly Statistic[] = [
  'mean',
  'median',
  'min',
  'max',
  'p1',
  'p5',
  'p10',
  'p25',
  'p75',
  'p90',
  'p95',
  'p99',
  'p99.9',
]

function latency(latencyFields: Fields | undefined, name: string): ImportedMetric[] {
  const found = latencyFields?.object(name)
  const definition = latencies[name]
  if (found === undefined || definition === undefined) return []
  return statistics.flatMap((statistic) =>
    found
      .metric(statistic, definition, statistic)
      .map((metric) => ({ ...metric, field: `successes.latency.${name}.${statistic}` })),
  )
}

const rates: Readonly<Record<string, DefinitionName>> = {
  output_tokens_per_sec: 'output_throughput',
  total_tokens_per_sec: 'total_throughput',
  requests_per_sec: 'request_throughput',
}

/** inference-perf’s stage_N_lifecycle_metrics.json; its summary mixes stages and is refused. */
export const inferencePerfFormat: ImportFormat = {
  name: 'inference-perf',
  title: 'lifecycle metrics of inference-perf',
  recognises: (content) =>
    content.kind === 'json' &&
    hasAll(content.value, 'load_summary', 'successes', 'failures') &&
    // The report of the same shape that is made of the server’s own counters has no delays.
    hasAll(own(content.value, 'load_summary'), 'schedule_delay'),
  read(content) {
    const reading = new Reading(content.path, this.title)
    const report = new Fields(reading, content.kind === 'json' ? content.value : null, { path: '' })
    const load = report.object('load_summary')
    const successes = report.object('successes')
    const concurrency = load?.count('concurrency')
    const requested = load?.positive('requested_rate')
    if (concurrency === undefined && requested === undefined) {
      throw new FmworkError(
        'CONVERSION_REFUSED',
        `${printablePath(content.path)} tells of no single load`,
        {
          problems: [
            {
              field: 'load_summary',
              expected: 'has no concurrency and no requested_rate: a summary mixes several stages',
            },
          ],
          hint: 'Import the stage_N_lifecycle_metrics.json files instead.',
        },
      )
    }
    const throughput = successes?.object('throughput')
    const count = successes?.positive('count')
    const perSecond = throughput?.positive('requests_per_sec')
    const failed = report.object('failures')?.positive('count')
    if (failed !== undefined) {
      reading.note({ path: 'failures' }, 'count', failed, 'requests failed')
    }
    const lengths = (...names: string[]) => {
      const name = names.find((each) => hasAll(successes?.raw(each), 'mean')) ?? ''
      return wholeTokens(reading, report, name, successes?.object(name)?.positive('mean'))
    }
    const inside = successes?.object('latency')
    return reading.done(
      count === undefined
        ? []
        : [
            {
              configuration: configurationOf({
                engineArgs: {},
                load: concurrency ?? requested,
                inputTokens: lengths('prompt_len', 'prompt_tokens'),
                outputTokens: lengths('output_len', 'output_tokens'),
              }),
              workload: concurrency === undefined ? 'open-loop' : 'closed-loop',
              metrics: [
                ...Object.keys(latencies).flatMap((name) => latency(inside, name)),
                ...Object.entries(rates).flatMap(
                  ([name, definition]) => throughput?.metric(name, definition, 'total') ?? [],
                ),
              ],
              ...(perSecond === undefined
                ? {}
                : { cost: { seconds: count / perSecond, basis: 'whole run' } }),
              environment: load?.scalars(['requested_rate', 'achieved_rate', 'count']) ?? {},
              origin: { path: reading.path, place: report.place },
            },
          ],
    )
  },
}
