import { FmworkError } from '../../../shared/domain/errors.js'
import { bookOf, priceIn } from '../../../shared/domain/price-book.js'
import { appraise } from '../../decision/appraise.js'
import { costSheet } from '../cost/cost-sheet.js'
import type { CostSheet } from '../cost/cost-sheet.js'
import { knowledgeOfReport } from '../cost/knowledge-of-report.js'
import { recommend } from '../../decision/recommend.js'
import type { Standing } from '../../decision/recommend.js'
import { sloOf } from '../../decision/slo.js'
import type { Slo } from '../../decision/slo.js'
import { shapesOf } from '../../decision/traffic.js'
import type { Shape } from '../../decision/traffic.js'
import { someOf } from './plot-axis.js'
import type { Report } from './report.js'

/** Request lengths that a report answers for; `fmwork recommend` answers for any. */
const shownShapes = 12
/** Worlds per request length: enough for probabilities to about 6 %. */
const draws = 64

export interface ShapeRecommendation {
  readonly shape: Shape
  /** Absent where nothing that is known of meets the limits. */
  readonly best?: Standing
  /** Deployments that were judged, and those of which no trial told what that takes. */
  readonly judged: number
  readonly unknown: number
  readonly sheet?: CostSheet
}

export interface ReportRecommendations {
  readonly slo: Slo
  /** By price; by work per device where a hardware class has none. */
  readonly priced: boolean
  /** Request lengths of the space. */
  readonly shapes: number
  readonly byShape: readonly ShapeRecommendation[]
  /** Why there is no answer at all: a limit on what was not measured. */
  readonly unanswered?: string
}

const answered = new WeakMap<Report, ReportRecommendations>()

/**
 * The best deployment per request length, under the sweep file’s own limits and prices. Found once
 * per report: every form of it says the same.
 */
export function reportRecommendations(report: Report): ReportRecommendations {
  const found = answered.get(report) ?? findRecommendations(report)
  answered.set(report, found)
  return found
}

function findRecommendations(report: Report): ReportRecommendations {
  const knowledge = knowledgeOfReport(report)
  const slo = sloOf(report.sweep)
  const prices = bookOf(report.sweep.prices)
  const priced = knowledge.points.every(
    ({ configuration }) => priceIn(prices, configuration.hardware) !== undefined,
  )
  const all = shapesOf(knowledge)
  const places = someOf(
    all.map((_, k) => k),
    shownShapes,
  )
  const found = { slo, priced, shapes: all.length }
  const objective = priced ? 'usd' : 'device-seconds'
  try {
    return {
      ...found,
      byShape: places
        .flatMap((k) => all[k] ?? [])
        .map((shape) => {
          const appraised = appraise({ knowledge, traffic: [shape], slo, objective, prices, draws })
          const best = recommend(appraised)?.best
          const found = {
            shape,
            judged: appraised.appraisals.length,
            unknown: appraised.leftOut.unknown,
          }
          return best === undefined ? found : { ...found, best, sheet: costSheet(appraised, best) }
        }),
    }
  } catch (error) {
    // Limits on what was not measured have no answer; the rest of the report has.
    if (!(error instanceof FmworkError) || error.code !== 'USAGE') throw error
    return { ...found, byShape: [], unanswered: error.message }
  }
}
