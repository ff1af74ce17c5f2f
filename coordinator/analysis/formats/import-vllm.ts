import { benchStatistics } from './bench-statistics.js'
import type { Fields } from './fields.js'
import { hasAll } from './fields.js'
import type { ImportedMetric, ImportedRecord } from './format.js'
import { objectFormat } from './object-format.js'
import type { Reading } from './reading.js'
import { tokensPerRequest } from './request-lengths.js'

/** What the names of vllm bench mean. */
const definitions = { ttft: 'ttft.vllm', tpot: 'tpot', itl: 'itl.pooled', e2el: 'e2e' } as const

const isResult = (value: unknown): boolean =>
  hasAll(value, 'model_id', 'num_prompts', 'completed', 'total_output_tokens', 'duration') &&
  !hasAll(value, 'total_output_tokens_retokenized')

const plain = (name: string) => name.replace(/^-+/, '').replaceAll('-', '_')

/** Axes by the names that a sweep or `--metadata` may give them. */
const axisNames = {
  hardware: ['hardware', 'hw', 'gpu', 'accelerator'],
  tensorParallel: ['tensor_parallel_size', 'tp', 'tensor_parallel'],
  inputTokens: ['random_input_len', 'input_len'],
  outputTokens: ['random_output_len', 'output_len'],
}
const notArguments = new Set([
  ...Object.values(axisNames).flat(),
  'max_concurrency',
  'request_rate',
  'num_prompts',
  'burstiness',
  'seed',
  'model',
  '_benchmark_name',
])

/** Names of the user’s own: metadata before `request_rate`, a sweep’s overrides after `run_number`. */
function ownNames(fields: Fields): string[] {
  const names = fields.names()
  const between = names.slice(names.indexOf('num_prompts') + 1, names.indexOf('request_rate'))
  const run = names.indexOf('run_number')
  return [...between, ...(run < 0 ? [] : names.slice(run + 1))]
}

/** The first field of these names, however its words are joined. */
function named(fields: Fields, wanted: readonly string[]): string | undefined {
  const names = fields.names()
  return wanted.flatMap((want) => names.filter((name) => plain(name) === want))[0]
}

/** With --save-detailed: sum of gaps / sum of (n - 1), seconds; exact whatever a chunk holds. */
function tokenWeighted(fields: Fields): ImportedMetric[] {
  const gaps = fields.raw('itls')
  const lengths = fields.raw('output_lens')
  if (!Array.isArray(gaps) || !Array.isArray(lengths)) return []
  let seconds = 0
  let later = 0
  lengths.forEach((length: unknown, request) => {
    const each: unknown = gaps[request]
    if (!Array.isArray(each) || each.length === 0 || typeof length !== 'number' || length < 2)
      return
    seconds += each.reduce((sum: number, gap: unknown) => sum + Number(gap), 0)
    later += length - 1
  })
  const value = seconds / later
  return value > 0 && Number.isFinite(value)
    ? [{ definition: 'itl.token_weighted', statistic: 'mean', value, field: 'itls, output_lens' }]
    : []
}

function recordOf(reading: Reading, fields: Fields): ImportedRecord[] {
  const run = fields.number('run_number')
  if (run === -1) {
    reading.note(fields.place, 'run_number', run, 'a warm-up of the sweep; left out')
    return []
  }
  if (fields.positive('completed') === undefined) {
    reading.note(
      fields.place,
      'completed',
      fields.raw('completed'),
      'no request succeeded; left out',
    )
    return []
  }
  const failed = fields.positive('failed')
  if (failed !== undefined) {
    reading.note(fields.place, 'failed', failed, 'requests failed; the figures are of the others')
  }
  const axis = (wanted: readonly string[]) => named(fields, wanted) ?? ''
  const rate = fields.raw('request_rate')
  const open = typeof rate === 'number'
  const hardware = fields.text(axis(axisNames.hardware))
  const tensorParallel = fields.count(axis(axisNames.tensorParallel))
  const load = open ? fields.positive('request_rate') : fields.count(axis(['max_concurrency']))
  const lengths = (asked: readonly string[], total: string) =>
    tokensPerRequest(reading, fields, [axis(asked)], total, 'completed')
  const inputTokens = lengths(axisNames.inputTokens, 'total_input_tokens')
  const outputTokens = lengths(axisNames.outputTokens, 'total_output_tokens')
  const seconds = fields.positive('duration')
  const model = fields.text('model_id')
  const own = ownNames(fields).filter((name) => !notArguments.has(plain(name)))
  return [
    {
      configuration: {
        ...(model === undefined ? {} : { model }),
        // Any server may be behind the endpoint; `backend` only names the protocol.
        engineArgs: fields.scalars(own),
        ...(hardware === undefined ? {} : { hardware }),
        ...(tensorParallel === undefined ? {} : { tensorParallel }),
        ...(load === undefined ? {} : { load }),
        ...(inputTokens === undefined ? {} : { inputTokens }),
        ...(outputTokens === undefined ? {} : { outputTokens }),
      },
      workload: open ? 'open-loop' : 'closed-loop',
      metrics: [
        ...benchStatistics(fields, definitions, '_ms', 1000),
        ...tokenWeighted(fields),
        ...fields.metric('output_throughput', 'output_throughput', 'total'),
        ...fields.metric('total_token_throughput', 'total_throughput', 'total'),
        ...fields.metric('request_throughput', 'request_throughput', 'total'),
      ],
      ...(seconds === undefined ? {} : { cost: { seconds, basis: 'whole run' } }),
      environment: fields.scalars([
        'date',
        'backend',
        'label',
        'tokenizer_id',
        'num_prompts',
        'burstiness',
      ]),
      ...(run === undefined ? {} : { repetition: run }),
      origin: { path: reading.path, place: fields.place },
    },
  ]
}

/** `vllm bench serve --save-result`, `--append-result`, and the folders of `vllm bench sweep`. */
export const vllmFormat = objectFormat({
  name: 'vllm',
  title: 'result of vllm bench serve',
  isOne: isResult,
  recordsOf: recordOf,
  notOne(reading, value, place) {
    reading.wrong(place, 'it', value, 'expected model_id, num_prompts, completed, duration, …')
  },
})
