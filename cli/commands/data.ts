import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { stringify } from 'yaml'
import { dataFormatOf, factsOfData, readData } from '../../agent/run/workload/data-file.js'
import { figure, wallTime, wholeNumber } from '../../coordinator/analysis/report/units.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { dataFileName, recordedRate } from '../../shared/domain/workload-data.js'
import type { WorkloadData } from '../../shared/domain/workload-data.js'
import type { CliContext } from '../context.js'
import { createOutput } from '../output.js'

const refuse = (file: string, message: string, expected: string, cause?: unknown) =>
  new FmworkError('USAGE', message, { problems: [{ field: 'FILE', value: file, expected }], cause })

/** `fmwork data FILE`: what a sweep file has to say of a trace or data set. */
export function dataCommand(
  context: CliContext,
  file: string,
  options: { readonly requests?: number; readonly json: boolean },
): number {
  const name = basename(file)
  if (!dataFileName.test(name)) {
    throw refuse(
      file,
      'a sweep cannot name this file',
      'expected letters, digits, . _ - in its name',
    )
  }
  let bytes: Buffer
  let text: string
  try {
    bytes = readFileSync(resolve(context.workingDirectory, file))
    text = bytes.toString('utf8')
  } catch (cause) {
    throw refuse(file, `cannot read ${file}`, 'expected a readable file', cause)
  }
  const format = dataFormatOf(text)
  const data: WorkloadData = {
    file: name,
    format,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...factsOfData(readData(text, format, options.requests), format),
  }
  createOutput(context, options.json).result(data, sweepLines(data).join('\n'))
  return 0
}

function sweepLines(data: WorkloadData): string[] {
  const { requests, input_tokens: input, output_tokens: output, seconds = 0 } = data
  const own = recordedRate(data)
  const lengths = `${wholeNumber(input)} tokens in and ${wholeNumber(output)} out on average`
  const loop =
    own === undefined
      ? { kind: 'closed-loop', data }
      : { kind: 'open-loop', arrivals: 'trace', data }
  return [
    `# ${wholeNumber(requests)} requests of ${lengths}${own === undefined ? '' : `, recorded at ${figure(own)} req/s in ${wallTime(seconds)}`}.`,
    '# Agents need the file in a folder that they are given with --allow-data.',
    own === undefined
      ? '# space: concurrency (or request_rate with kind: open-loop); no input_tokens, no output_tokens.'
      : '# space: speedup (1: as recorded) or request_rate; no input_tokens, no output_tokens.',
    stringify({ workload: loop }, { lineWidth: 0 }).trimEnd(),
  ]
}
