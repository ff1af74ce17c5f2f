import { configurationOf, known } from './configuration-of.js'
import type { Fields } from './fields.js'
import { hasAll, own } from './fields.js'
import { generationMetrics } from './fmwork-figures.js'
import type { ImportedMetric, ImportedRecord } from './format.js'
import { objectFormat } from './object-format.js'
import type { Reading } from './reading.js'
import { printable } from './reading.js'

const isPayload = (value: unknown): boolean =>
  hasAll(value, 'engine', 'model', 'input', 'output', 'batch', 'tp', 'ttft', 'itl', 'thp')

/** `fmwork/infer/vllm` -> `vllm`; `vllm/v1` -> `vllm`. */
function engineOf(engine: string | undefined): string | undefined {
  const parts = (engine ?? '').split('/').filter((part) => part !== 'fmwork' && part !== 'infer')
  return parts[0]
}

/** Relative difference between itl and thp that rounding them to one decimal explains. */
const rounding = (itl: number, thp: number): number => 0.002 + 0.06 / itl + 0.06 / thp

/** Static batch: the figures of a GEN line, without its med. */
function directMetrics(reading: Reading, fields: Fields): ImportedMetric[] {
  const [oo, bb] = [fields.count('output'), fields.count('batch')]
  const [ttft, itl, thp] = ['ttft', 'itl', 'thp'].map((name) => fields.positive(name))
  if (oo === undefined || bb === undefined) return []
  if (ttft === undefined || itl === undefined || thp === undefined) {
    reading.note(fields.place, 'ttft, itl, thp', undefined, 'left out: it has not all of them')
    return []
  }
  if (Math.abs((1000 * bb) / thp / itl - 1) > rounding(itl, thp)) {
    const expected = `left out: 1000 x batch / thp is ${((1000 * bb) / thp).toPrecision(4)} ms`
    reading.note(fields.place, 'itl', itl, expected)
    return []
  }
  const generation = (itl * oo) / 1000
  return generationMetrics({
    outputTokens: oo,
    batch: bb,
    whole: ttft + generation,
    ttft,
    generation,
    throughput: thp,
    names: { whole: 'ttft + itl x oo', ttft: 'ttft', generation: 'itl x oo' },
  })
}

/** Server mode: medians over requests of `vllm bench serve`. */
const serverMetrics = (fields: Fields): ImportedMetric[] => [
  ...fields.metric('ttft', 'ttft.vllm', 'median'),
  ...fields.metric('itl', 'itl.pooled', 'median', 1000),
  ...fields.metric('thp', 'output_throughput', 'total'),
  ...fields.metric('req_thp', 'request_throughput', 'total'),
]

function recordOf(reading: Reading, fields: Fields): ImportedRecord[] {
  const status = fields.text('status') ?? 'OK'
  if (status !== 'OK') {
    reading.note(fields.place, 'status', status, 'left out: the run did not end well')
    return []
  }
  const engine = fields.text('engine')
  if (engine?.includes('embed') === true) {
    reading.note(fields.place, 'engine', engine, 'left out: an embedding generates no tokens')
    return []
  }
  const server = fields.text('mode') === 'server'
  const metrics = server ? serverMetrics(fields) : directMetrics(reading, fields)
  if (metrics.length === 0) return []
  const options = fields.raw('opts')
  const words = Array.isArray(options) ? options.filter((each) => typeof each === 'string') : []
  const whole = metrics.find(({ definition }) => definition === 'e2e.batch')?.value
  return [
    {
      configuration: configurationOf({
        model: fields.text('model'),
        engine: engineOf(engine),
        engineArgs: known({
          precision: fields.text('precision'),
          opts: words.length === 0 ? undefined : printable(words.join(' ')),
          // Other lengths are other work.
          range_ratio: server ? fields.number('range_ratio') : undefined,
        }),
        tensorParallel: fields.count('tp'),
        load: fields.count('batch'),
        inputTokens: fields.count('input'),
        outputTokens: fields.count('output'),
      }),
      workload: server ? 'closed-loop' : 'static-batch',
      metrics,
      ...(whole === undefined ? {} : { cost: { seconds: whole, basis: 'one repetition' } }),
      environment: fields.scalars(['timestamp', 'metadata_id', 'model_version', 'warmup', 'setup']),
      origin: { path: reading.path, place: fields.place },
    },
  ]
}

/** The JSON payload of fmwork’s `process`: a list of objects. */
export const fmworkJsonFormat = objectFormat({
  name: 'fmwork-json',
  title: 'JSON payload of fmwork',
  isOne: isPayload,
  recordsOf: recordOf,
  notOne(reading, value, place) {
    const missing = own(value, 'engine') === undefined ? 'engine' : 'input, output, batch, tp'
    reading.wrong(place, missing, undefined, 'expected as in a payload of fmwork')
  },
})
