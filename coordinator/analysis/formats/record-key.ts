import type { Problem } from '../../../shared/domain/errors.js'
import type { ImportedConfiguration, ImportedRecord } from './format.js'
import { printablePath } from './reading.js'

/** Sorted `name=value` pairs, whatever their order in the file. */
const argumentsOf = ({ engineArgs }: ImportedConfiguration): string =>
  Object.entries(engineArgs)
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
    .join(' ')

/** Everything that tells configurations apart, as text. */
export function configurationText(configuration: ImportedConfiguration): string {
  const { model, engine, hardware, tensorParallel, load, inputTokens, outputTokens } = configuration
  const parts = [
    model,
    engine,
    argumentsOf(configuration),
    hardware,
    `tensor_parallel ${tensorParallel ?? '?'}`,
    `batch_size ${load ?? '?'}`,
    `input_tokens ${inputTokens ?? '?'}`,
    `output_tokens ${outputTokens ?? '?'}`,
  ]
  return parts.filter((part) => part !== undefined && part !== '').join(', ')
}

/** Where a record stands, for people. */
export function originText({ origin }: ImportedRecord): string {
  const { path, line } = origin.place
  const inside = line === undefined ? path : `line ${line}`
  return inside === '' ? printablePath(origin.path) : `${printablePath(origin.path)} ${inside}`
}

const figures = (record: ImportedRecord): string =>
  JSON.stringify([
    configurationText(record.configuration),
    record.workload,
    record.repetition ?? null,
    record.metrics.map(({ definition, statistic, value }) => [definition, statistic, value]),
    record.cost ?? null,
    record.environment,
  ])

/** Records without those that say the very same, figure by figure: one run written to two files. */
export function withoutCopies(records: readonly ImportedRecord[]): {
  readonly records: readonly ImportedRecord[]
  readonly problems: readonly Problem[]
} {
  const first = new Map<string, ImportedRecord>()
  const copies: ImportedRecord[] = []
  for (const record of records) {
    const key = figures(record)
    if (first.has(key)) copies.push(record)
    else first.set(key, record)
  }
  const [copy] = copies
  if (copy === undefined) return { records, problems: [] }
  return {
    records: [...first.values()],
    problems: [
      {
        field: 'runs',
        value: String(copies.length),
        expected: `are the very same as others and count once, such as ${originText(copy)}`,
      },
    ],
  }
}
