import { benchStatistics } from './bench-statistics.js'
import { configurationOf } from './configuration-of.js'
import type { DefinitionName } from './definitions.js'
import type { Fields } from './fields.js'
import { hasAll } from './fields.js'
import type { ImportedMetric, ImportedRecord } from './format.js'
import { objectFormat } from './object-format.js'
import type { Reading } from './reading.js'

/** vLLM’s names without their unit; seconds. `intvty` is 1 / tpot and says nothing new. */
const definitions = { ttft: 'ttft.vllm', tpot: 'tpot', itl: 'itl.pooled', e2el: 'e2e' } as const

const isAggregate = (value: unknown): boolean =>
  hasAll(value, 'hw', 'conc', 'isl', 'osl', 'framework', 'tput_per_gpu')

const isYes = (value: unknown) => value === true || value === 'true' || value === 'True'

function rate(
  fields: Fields,
  name: string,
  definition: DefinitionName,
  devices: number,
): ImportedMetric[] {
  return fields.metric(name, definition, 'total').map((metric) => ({
    ...metric,
    value: metric.value * devices,
    field: `${name} x ${devices} GPUs`,
  }))
}

function recordOf(reading: Reading, fields: Fields): ImportedRecord[] {
  if (isYes(fields.raw('is_multinode')) || isYes(fields.raw('disagg'))) {
    reading.note(
      fields.place,
      'disagg',
      true,
      'left out: prefill and decode run on devices of their own, one tensor-parallel degree is no answer',
    )
    return []
  }
  const tp = fields.count('tp')
  const devices = (tp ?? 1) * (fields.count('pp') ?? 1) * (fields.count('pcp_size') ?? 1)
  return [
    {
      configuration: configurationOf({
        model: fields.text('model'),
        engine: fields.text('framework'),
        engineArgs: fields.scalars([
          'precision',
          'spec_decoding',
          'ep',
          'pp',
          'dcp_size',
          'pcp_size',
          'dp_attention',
          'image',
        ]),
        hardware: fields.text('hw'),
        tensorParallel: tp,
        load: fields.count('conc'),
        inputTokens: fields.count('isl'),
        outputTokens: fields.count('osl'),
      }),
      workload: 'closed-loop',
      metrics: [
        ...benchStatistics(fields, definitions, '', 1),
        ...(tp === undefined
          ? []
          : [
              ...rate(fields, 'output_tput_per_gpu', 'output_throughput', devices),
              ...rate(fields, 'tput_per_gpu', 'total_throughput', devices),
            ]),
      ],
      environment: fields.scalars(['recipe_fingerprint', 'infmax_model_prefix']),
      origin: { path: reading.path, place: fields.place },
    },
  ]
}

/** InferenceX (InferenceMAX) agg_*.json, or a list of them. */
export const inferencexFormat = objectFormat({
  name: 'inferencex',
  title: 'aggregate of InferenceX',
  isOne: isAggregate,
  recordsOf: recordOf,
  notOne(reading, value, place) {
    reading.wrong(place, 'it', value, 'expected hw, conc, isl, osl, framework, tput_per_gpu')
  },
})
