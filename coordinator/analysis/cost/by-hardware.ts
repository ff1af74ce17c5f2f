import type { Interval } from '../../../shared/domain/meta-metrics.js'
import { priceIn } from '../../../shared/domain/price-book.js'
import { quantile, sorted } from '../../../shared/stats/quantile.js'
import type { Appraisal, Appraised } from '../../decision/appraise.js'
import { isEligible } from '../../decision/appraise.js'
import { bestWorths, expectedShares, standingOf } from '../../decision/recommend.js'
import type { Standing } from '../../decision/recommend.js'

/** The best that one hardware class offers under the SLO. */
export interface HardwareStanding {
  readonly hardware: string
  readonly usdPerDeviceHour?: number
  /** Absent where none of its deployments is eligible. */
  readonly best?: Standing
  /** Requests per second and device within the SLO. */
  readonly goodput?: number
  /**
   * Price in USD per device-hour at which this class and its best rival cost the same: the
   * recommended class stays best below it, any other becomes best below its own.
   */
  readonly switchesAt?: Interval
}

/** Requests per second of one copy of the model. */
export const replicaRate = ({ deployment, deviceSecondsPerRequest }: Appraisal): number =>
  deployment.block.tensorParallel / deviceSecondsPerRequest

function bestOf(appraised: Appraised, worth: Float64Array, hardware: string): number | undefined {
  let best: number | undefined
  appraised.appraisals.forEach((each, k) => {
    if (each.deployment.block.hardware !== hardware || !isEligible(each)) return
    if (best === undefined || (worth[k] as number) > (worth[best] as number)) best = k
  })
  return best
}

/** Ratio of two deployments’ costs: by the estimates, and its 90 % interval over the worlds. */
function costRatio({ appraisals, worlds }: Appraised, over: number, under: number): Interval {
  const ratios: number[] = []
  for (let world = 0; world < worlds.count; world += 1) {
    const first = world * appraisals.length
    const ratio = (worlds.costs[first + over] as number) / (worlds.costs[first + under] as number)
    if (Number.isFinite(ratio)) ratios.push(ratio)
  }
  const ranked = sorted(ratios)
  return {
    value: (appraisals[over] as Appraisal).cost / (appraisals[under] as Appraisal).cost,
    low: quantile(ranked, 0.05),
    high: quantile(ranked, 0.95),
  }
}

/** Every hardware class at its best, least expected regret first. */
export function byHardware(appraised: Appraised): HardwareStanding[] {
  const { question, appraisals } = appraised
  const bests = bestWorths(appraised)
  const worth = expectedShares(appraised, bests)
  const classes = [
    ...new Set(question.knowledge.points.map(({ configuration }) => configuration.hardware)),
  ]
  const found = classes.map((hardware) => ({ hardware, best: bestOf(appraised, worth, hardware) }))
  const value = (k: number | undefined): number => (k === undefined ? -1 : (worth[k] as number))
  const ranked = found.sort((a, b) => value(b.best) - value(a.best))
  return ranked.map(({ hardware, best }, place) => {
    const price = priceIn(question.prices, hardware)?.usdPerDeviceHour
    const rival = ranked.find((each, k) => k !== place && each.best !== undefined)?.best
    const scale = ({ value: at, low, high }: Interval, by: number): Interval => ({
      value: at * by,
      low: low * by,
      high: high * by,
    })
    return {
      hardware,
      ...(price === undefined ? {} : { usdPerDeviceHour: price }),
      ...(best === undefined
        ? {}
        : {
            best: standingOf(appraised, best, bests),
            goodput: 1 / (appraisals[best] as Appraisal).deviceSecondsPerRequest,
          }),
      ...(best === undefined ||
      rival === undefined ||
      price === undefined ||
      price === 0 ||
      question.objective !== 'usd'
        ? {}
        : { switchesAt: scale(costRatio(appraised, rival, best), price) }),
    }
  })
}
