import { FmworkError } from '../../../shared/domain/errors.js'
import type { Problem } from '../../../shared/domain/errors.js'
import type { ImportedRecord } from './format.js'
import { printable } from './reading.js'
import { originText } from './record-key.js'

/** Axes that `--axis NAME=VALUE` may give, and the fields of a configuration that they are. */
export const givenAxes = {
  hardware: 'hardware',
  model: 'model',
  engine: 'engine',
  tensor_parallel: 'tensorParallel',
  batch_size: 'load',
  input_tokens: 'inputTokens',
  output_tokens: 'outputTokens',
} as const
export type GivenAxis = keyof typeof givenAxes

/** What whoever imports knows and the files do not say. */
export type Given = Readonly<Partial<Record<GivenAxis, string | number>>>

const needed = [
  'hardware',
  'tensor_parallel',
  'batch_size',
  'input_tokens',
  'output_tokens',
] as const satisfies readonly GivenAxis[]

const axisNames = Object.keys(givenAxes) as GivenAxis[]

function completed(record: ImportedRecord, given: Given, problems: Problem[]): ImportedRecord {
  const added: Record<string, string | number> = {}
  for (const axis of axisNames) {
    const value = given[axis]
    if (value === undefined) continue
    const field = givenAxes[axis]
    const told = record.configuration[field]
    if (told === undefined) added[field] = value
    else if (told !== value) {
      problems.push({
        field: `--axis ${axis}`,
        value: printable(String(value)),
        expected: `contradicts ${originText(record)}, which says ${printable(String(told))}`,
      })
    }
  }
  return { ...record, configuration: { ...record.configuration, ...added } }
}

/**
 * Adds what is given to what the files say.
 *
 * @throws FmworkError CONVERSION_REFUSED naming every axis that is missing or contradicted
 */
export function completeRecords(
  records: readonly ImportedRecord[],
  given: Given,
): readonly ImportedRecord[] {
  const problems: Problem[] = []
  const complete = records.map((record) => completed(record, given, problems))
  for (const axis of needed) {
    const without = complete.filter(({ configuration }) => {
      return configuration[givenAxes[axis]] === undefined
    })
    const [first] = without
    if (first === undefined) continue
    problems.push({
      field: axis,
      value: `missing in ${without.length} of ${complete.length} records`,
      expected: `first in ${originText(first)}; if it is the same for all, give --axis ${axis}=…`,
    })
  }
  if (problems.length === 0) return complete
  throw new FmworkError('CONVERSION_REFUSED', 'the files do not say what was run', {
    problems: problems.slice(0, 20),
  })
}
