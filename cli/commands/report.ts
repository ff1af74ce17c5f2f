import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../shared/process/make-folder.js'
import { collectReport } from '../../coordinator/analysis/report/collect-report.js'
import { renderReport } from '../../coordinator/analysis/report/render-report.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { ExportPart, SweepDesk } from '../../shared/domain/sweep-desk.js'
import type { CliContext } from '../context.js'
import { openDesk, requireDataFolder } from '../desk-session.js'
import { createOutput } from '../output.js'
import { findSweep } from './resume.js'
import type { ResumeOptions } from './resume.js'

export interface ReportOptions extends ResumeOptions {
  readonly out?: string
}

/** Writes a sweep’s report files into a folder. @returns their paths */
export async function writeReport(
  desk: SweepDesk,
  sweepId: string,
  folder: string,
): Promise<string[]> {
  const parts: ExportPart[] = []
  for await (const part of desk.export(sweepId, new AbortController().signal)) parts.push(part)
  const files = Object.entries(renderReport(collectReport(parts)))
  try {
    makeFolder(folder)
    return files.map(([name, content]) => {
      const path = join(folder, name)
      writeFileSync(path, content as string | Uint8Array)
      return path
    })
  } catch (cause) {
    throw new FmworkError('DATA_FOLDER_UNWRITABLE', `cannot write the report into ${folder}`, {
      problems: [{ field: '--out', value: folder, expected: 'expected a folder you may write' }],
      cause,
    })
  }
}

/** `fmwork report [SWEEP]`: writes the report of a sweep as it stands. */
export async function reportCommand(
  context: CliContext,
  named: string | undefined,
  options: ReportOptions,
): Promise<number> {
  requireDataFolder(options)
  const output = createOutput(context, options.json)
  const session = await openDesk(context, options, [], output.note)
  try {
    const sweep = await findSweep(session.desk, named)
    const folder = options.out ?? join(options.data, 'reports', sweep.name)
    const paths = await writeReport(session.desk, sweep.sweepId, folder)
    output.result(
      { sweep: sweep.name, files: paths },
      `Report:\n${paths.map((path) => `  ${path}`).join('\n')}`,
    )
    return 0
  } finally {
    await session.close()
  }
}
