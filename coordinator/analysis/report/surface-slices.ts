import { blockKey, configurationKey } from '../../../shared/domain/configuration.js'
import type { SurfaceRow } from '../../../shared/domain/sweep-desk.js'
import { embeddedSurface } from './embedded-surface.js'
import { blockWords } from './measurement-tables.js'
import type { Report } from './report.js'
import { wholeNumber } from './units.js'

/** One row of the surface, with its number among those embedded. */
export interface SliceCell {
  readonly cell: number
  readonly row: SurfaceRow
  readonly audited: boolean
}

/** The part of the surface with one output length in one block: load x input tokens. */
export interface SurfaceSlice {
  readonly label: string
  readonly cells: readonly SliceCell[]
  /** Ascending. */
  readonly loads: readonly number[]
  readonly inputs: readonly number[]
  /** True when configurations of the space are left out of it. */
  readonly sampled: boolean
}

const ascending = (values: readonly number[]): number[] =>
  [...new Set(values)].sort((a, b) => a - b)

/** The embedded surface cut into slices, in the order of the space. */
export function surfaceSlices(report: Report): SurfaceSlice[] {
  const { rows } = embeddedSurface(report)
  const sampled = rows.length < report.surface.length
  const groups = new Map<string, SliceCell[]>()
  rows.forEach((row, cell) => {
    const key = `${blockKey(row.configuration)}|${row.configuration.outputTokens}`
    const audited = report.auditKeys.has(configurationKey(row.configuration))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [{ cell, row, audited }])
    else group.push({ cell, row, audited })
  })
  return [...groups.values()].map((cells) => {
    const { configuration } = (cells[0] as SliceCell).row
    return {
      label: `${wholeNumber(configuration.outputTokens)} output tokens · ${blockWords(configuration)}`,
      cells,
      loads: ascending(cells.map(({ row }) => row.configuration.load)),
      inputs: ascending(cells.map(({ row }) => row.configuration.inputTokens)),
      sampled,
    }
  })
}
