import { open } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { stringify } from 'yaml'
import { dataFormatOf, factsOfData, readData } from '../../agent/run/workload/data-file.js'
import { readFileOnce } from '../../agent/run/workload/read-file-once.js'
import { figure, wallTime, wholeNumber } from '../../coordinator/analysis/report/units.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { dataFileName, recordedRate } from '../../shared/domain/workload-data.js'
import type { WorkloadData } from '../../shared/domain/workload-data.js'
import type { CliContext } from '../context.js'
import { createOutput } from '../output.js'
import { readingProgress } from '../view/reading-progress.js'

const refuse = (file: string, message: string, expected: string, cause?: unknown) =>
  new FmworkError('USAGE', message, { problems: [{ field: 'FILE', value: file, expected }], cause })

/** Enough to know a format by. */
const startBytes = 4096

/** `fmwork data FILE`: what a sweep file has to say of a trace or data set. */
export async function dataCommand(
  context: CliContext,
  file: string,
  options: { readonly requests?: number; readonly json: boolean },
): Promise<number> {
  const name = basename(file)
  if (!dataFileName.test(name)) {
    throw refuse(
      file,
      'a sweep cannot name this file',
      'expected letters, digits, . _ - in its name',
    )
  }
  const path = resolve(context.workingDirectory, file)
  const unreadable = (cause: unknown): never => {
    throw refuse(file, `cannot read ${file}`, 'expected a readable file', cause)
  }
  const format = dataFormatOf(await startOf(path).catch(unreadable))
  const { sha256, result } = await readFileOnce(
    path,
    (pieces) => readData(pieces, format, options.requests),
    readingProgress(context.stderr, name),
  ).catch(unreadable)
  const data: WorkloadData = { file: name, format, sha256, ...factsOfData(result(), format) }
  createOutput(context, options.json).result(data, sweepLines(data).join('\n'))
  return 0
}

async function startOf(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(startBytes))
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
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
