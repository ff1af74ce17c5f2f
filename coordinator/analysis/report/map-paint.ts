import type { MetricName } from '../../../shared/domain/metric.js'
import type { SurfaceRow } from '../../../shared/domain/sweep-desk.js'
import { colourScale, relativeUncertainty } from './colour-scale.js'
import { metricInterval, metricValue, percent } from './units.js'

/** Below this probability of running a configuration is drawn as infeasible. */
const infeasibleBelow = 0.5

interface MapView {
  /** Colour per embedded row; -1 unknown, -2 infeasible. */
  readonly steps: readonly number[]
  /** Bounds of the colours, with units. */
  readonly bounds: readonly string[]
}

/** How the heat maps look for one metric. */
export interface MapPaint {
  readonly metric: MetricName
  /** What a reader sees of each embedded row. */
  readonly words: readonly string[]
  readonly estimate: MapView
  readonly uncertainty: MapView
}

export const isInfeasible = (row: SurfaceRow): boolean => row.feasible < infeasibleBelow

const sourceOf = ({ measured, harvested }: SurfaceRow): string =>
  measured ? 'measured' : harvested === true ? 'told by a longer run:' : 'estimated'

function wordsOf(row: SurfaceRow, metric: MetricName): string {
  if (isInfeasible(row)) return `infeasible (${percent(row.feasible)} likely to run)`
  const found = row.estimates[metric]
  if (found === undefined) return 'not known'
  const uncertainty = relativeUncertainty(found)
  const spread = Number.isFinite(uncertainty) ? `, ± ${percent(uncertainty)}` : ''
  return `${sourceOf(row)} ${metricInterval(metric, found)}${spread}`
}

function view(
  rows: readonly SurfaceRow[],
  valueOf: (row: SurfaceRow) => number,
  words: (value: number) => string,
): MapView {
  const scale = colourScale(rows.filter((row) => !isInfeasible(row)).map(valueOf))
  return {
    steps: rows.map((row) => (isInfeasible(row) ? -2 : scale.step(valueOf(row)))),
    bounds: scale.bounds.map(words),
  }
}

/** One scale over the whole surface, so that slices compare. */
export function mapPaint(rows: readonly SurfaceRow[], metric: MetricName): MapPaint {
  return {
    metric,
    words: rows.map((row) => wordsOf(row, metric)),
    estimate: view(
      rows,
      (row) => row.estimates[metric]?.value ?? NaN,
      (value) => metricValue(metric, value),
    ),
    uncertainty: view(
      rows,
      (row) => {
        const found = row.estimates[metric]
        return found === undefined ? NaN : relativeUncertainty(found)
      },
      (value) => `± ${percent(value)}`,
    ),
  }
}

/** The CSS class of a step. */
export const stepClass = (step: number): string =>
  step === -2 ? 'infeasible' : step === -1 ? 'unknown' : `q${step}`
