import { resolve } from 'node:path'
import { exportFormatOf } from '../../coordinator/analysis/formats/export-formats.js'
import { collectReport } from '../../coordinator/analysis/report/collect-report.js'
import type { ExportFormat } from '../../coordinator/analysis/formats/format.js'
import type { Report } from '../../coordinator/analysis/report/report.js'
import { openLocalReader } from '../../coordinator/store/local-reader.js'
import type { ExportPart } from '../../shared/domain/sweep-desk.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { CliContext } from '../context.js'
import { openDesk, requireDataFolder } from '../desk-session.js'
import type { DeskSession } from '../desk-session.js'
import { problemLine } from '../import-sources.js'
import { createOutput } from '../output.js'
import { requestRecords } from '../request-records.js'
import { refuseFilled, writeFiles } from '../write-files.js'
import { samplesFormat } from '../samples-format.js'
import { exportSamples } from './export-samples.js'
import { findSweep } from './resume.js'
import type { ResumeOptions } from './resume.js'

export interface ExportOptions extends ResumeOptions {
  readonly format: string
  readonly output: string
  readonly force: boolean
}

async function reportOf(session: DeskSession, sweepId: string): Promise<Report> {
  const parts: ExportPart[] = []
  const { signal } = new AbortController()
  for await (const part of session.desk.export(sweepId, signal)) parts.push(part)
  return collectReport(parts)
}

/** Raw records lie in the data folder; a coordinator named by address keeps its own. */
async function recordsOf(report: Report, options: ExportOptions) {
  if (options.coordinator !== undefined) return new Map<string, never>()
  const reader = await openLocalReader(options.data)
  try {
    return await requestRecords(report, reader)
  } finally {
    await reader.close()
  }
}

/** The files of `samples`. @throws FmworkError USAGE for a coordinator elsewhere */
async function writeSamples(report: Report, options: ExportOptions, folder: string) {
  if (options.coordinator !== undefined) {
    throw new FmworkError('USAGE', 'raw records lie in the data folder of their coordinator', {
      problems: [
        {
          field: '--coordinator',
          value: options.coordinator,
          expected: 'expected --data DIR, on the coordinator’s host',
        },
      ],
    })
  }
  const reader = await openLocalReader(options.data)
  try {
    const title = 'raw records, a file of JSON lines per trial'
    return { title, paths: await exportSamples(report, reader, folder), problems: [] }
  } finally {
    await reader.close()
  }
}

/** The files of another tool’s format. */
async function writeFormat(
  format: ExportFormat,
  report: Report,
  options: ExportOptions,
  folder: string,
) {
  const { files, problems } = format.render(report, await recordsOf(report, options))
  return { title: format.title, paths: writeFiles(folder, files, '--output'), problems }
}

/** Files named to a person; with `--json` the object holds them all. */
const filesShown = 5

/** `fmwork export [SWEEP]`: what a sweep measured, in another tool’s files. */
export async function exportCommand(
  context: CliContext,
  named: string | undefined,
  options: ExportOptions,
): Promise<number> {
  const format = options.format === samplesFormat ? undefined : exportFormatOf(options.format)
  requireDataFolder(options)
  const output = createOutput(context, options.json)
  const session = await openDesk(context, options, [], output.note)
  try {
    const sweep = await findSweep(session.desk, named)
    const report = await reportOf(session, sweep.sweepId)
    const folder = resolve(context.workingDirectory, options.output)
    if (!options.force) refuseFilled(folder, '--output')
    const { title, paths, problems } =
      format === undefined
        ? await writeSamples(report, options, folder)
        : await writeFormat(format, report, options, folder)
    for (const problem of problems) output.note(`note: ${problemLine(options.format, problem)}`)
    const more = paths.length - filesShown
    output.result(
      { sweep: sweep.name, format: options.format, files: paths, problems },
      [
        `${sweep.name} as ${title}:`,
        ...paths.slice(0, filesShown).map((path) => `  ${path}`),
        ...(more > 0 ? [`  and ${more} more`] : []),
      ].join('\n'),
    )
    return 0
  } finally {
    await session.close()
  }
}
