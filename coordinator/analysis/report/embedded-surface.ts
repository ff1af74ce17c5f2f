import type { SurfaceRow } from '../../../shared/domain/sweep-desk.js'
import { evenSample } from './even-sample.js'
import type { Report } from './report.js'
import { wholeNumber } from './units.js'

/** Rows of the surface that report.html and report.json hold at most; surface.csv has every one. */
const embeddedRows = 4000
/** Figures that a page holds at most: it stays under 3 MB whatever is measured. */
const embeddedFigures = 10_000

interface EmbeddedSurface {
  readonly rows: readonly SurfaceRow[]
  /** Says what was left out; empty when nothing was. */
  readonly note: string
}

/** The surface, or an even sample of a large one: the same rows for the same sweep. */
export function embeddedSurface({ surface, sweep }: Report): EmbeddedSurface {
  const { seed } = sweep.strategy
  const limit = Math.min(embeddedRows, Math.floor(embeddedFigures / sweep.metrics.length))
  const rows = evenSample(surface, limit, seed)
  return {
    rows,
    note:
      rows.length === surface.length
        ? ''
        : `Shown: an even sample of ${wholeNumber(rows.length)} of ${wholeNumber(surface.length)} configurations (seed ${seed}). surface.csv has all of them.`,
  }
}
