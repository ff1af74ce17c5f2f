import { benchStatistics } from './bench-statistics.js'
import { configurationOf } from './configuration-of.js'
import { Fields, hasAll, own } from './fields.js'
import type { ImportedRecord } from './format.js'
import { objectFormat } from './object-format.js'
import type { Reading } from './reading.js'
import { sglangDefinitions } from './sglang-definitions.js'
import { tokensPerRequest } from './request-lengths.js'

const isRun = (value: unknown): boolean =>
  hasAll(value, 'total_output_tokens_retokenized', 'duration', 'completed', 'output_throughput')

/** Lengths are those asked for only where nothing was drawn at random. */
const exactLengths = (fields: Fields): boolean =>
  fields.raw('random_range_ratio') === 1 &&
  fields.text('dataset_name')?.startsWith('random') === true

function recordOf(reading: Reading, fields: Fields): ImportedRecord[] {
  if (fields.positive('completed') === undefined) {
    reading.note(fields.place, 'completed', 0, 'no request succeeded; left out')
    return []
  }
  const rate = fields.raw('request_rate')
  // Infinity is written as a word that JSON does not have, hence read as null.
  const closed = rate === null || rate === undefined || rate === 'inf'
  const server = fields.raw('server_info')
  const serverFields = hasAll(server) ? new Fields(reading, server, fields.place) : undefined
  const asked = exactLengths(fields)
  const lengths = (name: string, total: string) =>
    tokensPerRequest(reading, fields, asked ? [name] : [], total, 'completed')
  const seconds = fields.positive('duration')
  const total = fields.metric('total_throughput', 'total_throughput', 'total')
  const input = fields.positive('input_throughput')
  const output = fields.positive('output_throughput')
  const sum =
    total.length > 0 || input === undefined || output === undefined
      ? []
      : [
          {
            definition: 'total_throughput',
            statistic: 'total',
            value: input + output,
            field: 'input_throughput, output_throughput',
          } as const,
        ]
  return [
    {
      configuration: configurationOf({
        model:
          typeof own(server, 'model_path') === 'string'
            ? serverFields?.text('model_path')
            : undefined,
        engine: fields.text('backend'),
        engineArgs: serverFields?.scalars(['quantization', 'dtype', 'kv_cache_dtype']) ?? {},
        tensorParallel: serverFields?.count('tp_size'),
        load: closed ? fields.count('max_concurrency') : fields.positive('request_rate'),
        inputTokens: lengths('random_input_len', 'total_input_tokens'),
        outputTokens: lengths('random_output_len', 'total_output_tokens'),
      }),
      workload: closed ? 'closed-loop' : 'open-loop',
      metrics: [
        ...benchStatistics(fields, sglangDefinitions, '_ms', 1000),
        ...fields.metric('output_throughput', 'output_throughput', 'total'),
        ...total,
        ...sum,
        ...fields.metric('request_throughput', 'request_throughput', 'total'),
      ],
      ...(seconds === undefined ? {} : { cost: { seconds, basis: 'whole run' } }),
      environment: {
        ...fields.scalars([
          'tag',
          'dataset_name',
          'random_range_ratio',
          'completed',
          'concurrency',
        ]),
        ...(serverFields?.scalars(['version']) ?? {}),
      },
      origin: { path: reading.path, place: fields.place },
    },
  ]
}

/** `python -m sglang.bench_serving --output-file`: an object per line and run. */
export const sglangFormat = objectFormat({
  name: 'sglang',
  title: 'output file of SGLang’s bench_serving',
  isOne: isRun,
  recordsOf: recordOf,
  notOne(reading, value, place) {
    reading.wrong(place, 'it', value, 'expected total_output_tokens_retokenized, duration, …')
  },
})
