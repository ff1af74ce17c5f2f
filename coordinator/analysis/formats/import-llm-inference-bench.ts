import { FmworkError } from '../../../shared/domain/errors.js'
import { configurationOf, known } from './configuration-of.js'
import type { CsvRow } from './content.js'
import { CsvFields } from './csv-fields.js'
import type { ImportedMetric, ImportedRecord, ImportFormat } from './format.js'
import { printablePath, Reading } from './reading.js'

const columns = [
  'Hardware',
  'Num of Hardware',
  'Framework',
  'Model',
  'Input Output Length',
  'Batch Size',
  'Latency',
  'Throughput',
]

/** Relative difference from (input + output) x batch / latency above which the row is told. */
const agrees = 0.02

const isLlamaCpp = ({ cells }: CsvRow) => /^llama\.?cpp$/i.test((cells.Framework ?? '').trim())

function recordOf(reading: Reading, row: CsvRow): ImportedRecord[] {
  const fields = new CsvFields(reading, row)
  const devices = fields.count('Num of Hardware')
  const length = fields.count('Input Output Length')
  const batch = fields.count('Batch Size')
  const latency = fields.positive('Latency')
  const told = fields.positive('Throughput')
  if (length === undefined || batch === undefined || latency === undefined || told === undefined) {
    return []
  }
  const total = (2 * length * batch) / latency
  if (Math.abs(told / total - 1) > agrees) {
    reading.note(
      fields.place,
      'Throughput',
      told,
      `left out: (input + output) x batch / Latency is ${total.toPrecision(6)}`,
    )
    return []
  }
  const metrics: ImportedMetric[] = [
    { definition: 'e2e.batch', statistic: 'total', value: latency, field: 'Latency' },
    {
      definition: 'output_throughput.batch',
      statistic: 'total',
      value: (batch * length) / latency,
      field: 'Batch Size x Input Output Length / Latency',
    },
    { definition: 'total_throughput.batch', statistic: 'total', value: total, field: 'Throughput' },
  ]
  return [
    {
      configuration: configurationOf({
        model: fields.text('Model'),
        engine: fields.text('Framework'),
        engineArgs: known({ parallelism: fields.text('Parallelism Type') }),
        hardware: fields.text('Hardware'),
        tensorParallel: devices,
        load: batch,
        inputTokens: length,
        outputTokens: length,
      }),
      workload: 'static-batch',
      metrics,
      cost: { seconds: latency, basis: 'one repetition' },
      environment: {},
      origin: { path: reading.path, place: fields.place },
    },
  ]
}

/** The result tables of LLM-Inference-Bench, such as All_results.csv. */
export const llmInferenceBenchFormat: ImportFormat = {
  name: 'llm-inference-bench',
  title: 'CSV of LLM-Inference-Bench',
  recognises: (content) =>
    content.kind === 'csv' && columns.every((name) => content.columns.includes(name)),
  read(content) {
    const reading = new Reading(content.path, this.title)
    const rows = content.kind === 'csv' ? content.rows : []
    const llamaCpp = rows.filter(isLlamaCpp)
    const [first] = llamaCpp
    const why = 'its batch is n_batch, a prompt chunk of one sequence, not so many sequences'
    if (first !== undefined && llamaCpp.length === rows.length) {
      throw new FmworkError(
        'CONVERSION_REFUSED',
        `${printablePath(content.path)} is all of llama.cpp`,
        {
          problems: [{ field: 'Batch Size', expected: why, line: first.line, column: 1 }],
          hint: 'Leave the file out: its rows say nothing of a batch.',
        },
      )
    }
    if (first !== undefined) {
      const place = { path: '', line: first.line }
      reading.note(place, 'Framework', 'llama.cpp', `${llamaCpp.length} rows are refused: ${why}`)
    }
    return reading.done(
      rows.filter((row) => !isLlamaCpp(row)).flatMap((row) => recordOf(reading, row)),
    )
  },
}
