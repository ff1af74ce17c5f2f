import { collectReport } from '../coordinator/analysis/report/collect-report.js'
import type { Report } from '../coordinator/analysis/report/report.js'
import { knowledgeOfGrid } from '../coordinator/analysis/cost/knowledge-of-grid.js'
import { knowledgeOfReport } from '../coordinator/analysis/cost/knowledge-of-report.js'
import type { Knowledge } from '../coordinator/decision/point.js'
import type { ExportPart, SweepDesk } from '../shared/domain/sweep-desk.js'
import type { CliContext } from './context.js'
import { openDesk, requireDataFolder } from './desk-session.js'
import type { DeskOptions } from './desk-session.js'
import { loadGrid } from './grid-file.js'
import { findSweep } from './commands/resume.js'

/** What a command that decides something decides it from. */
export interface Source {
  readonly knowledge: Knowledge
  /** Absent for a recorded grid. */
  readonly report?: Report
}

const isGrid = (named: string | undefined): named is string => named?.endsWith('.csv') === true

async function reportOf(desk: SweepDesk, named: string | undefined): Promise<Report> {
  const { sweepId } = await findSweep(desk, named)
  const parts: ExportPart[] = []
  for await (const part of desk.export(sweepId, new AbortController().signal)) parts.push(part)
  return collectReport(parts)
}

/**
 * Reads what is known: recorded grids from their files (names that end in .csv), sweeps from a
 * coordinator, the newest one where none is named.
 *
 * @throws FmworkError GRID_INVALID, SWEEP_NOT_FOUND and the errors of openDesk
 */
export async function readSources(
  context: CliContext,
  names: readonly (string | undefined)[],
  options: DeskOptions,
  note: (text: string) => void,
): Promise<Source[]> {
  const grids = new Map(
    names
      .filter(isGrid)
      .map((name) => [name, { knowledge: knowledgeOfGrid(loadGrid(name, name)) }]),
  )
  const reports = new Map<string | undefined, Report>()
  const sweeps = names.filter((name) => !isGrid(name))
  if (sweeps.length > 0) {
    requireDataFolder(options)
    const session = await openDesk(context, options, [], note)
    try {
      for (const name of sweeps) {
        const found = await Promise.race([reportOf(session.desk, name), session.broken])
        reports.set(name, found)
      }
    } finally {
      await session.close()
    }
  }
  return names.flatMap((name): Source[] => {
    const grid = isGrid(name) ? grids.get(name) : undefined
    if (grid !== undefined) return [grid]
    const report = reports.get(name)
    return report === undefined ? [] : [{ report, knowledge: knowledgeOfReport(report) }]
  })
}
