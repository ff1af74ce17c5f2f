import type { Interval } from '../../../shared/domain/meta-metrics.js'
import { priceIn } from '../../../shared/domain/price-book.js'
import type { Appraised } from '../../decision/appraise.js'
import { phaseSplit, usdPerMillion } from '../../decision/figures.js'
import type { Standing } from '../../decision/recommend.js'

/** Every figure of one deployment that has a price; absent where it was not measured or not priced. */
export interface CostSheet {
  /** Output tokens per second and device. */
  readonly tokensPerDevice: Interval
  /** Output tokens per second of one of the requests in flight; closed loops and batches only. */
  readonly tokensPerUser?: Interval
  /** Requests per second of one copy of the model. */
  readonly requestRate: Interval
  readonly usdPerMillionOutput?: Interval
  /** Input and output tokens together. */
  readonly usdPerMillionTotal?: Interval
  /** The price of reading and of writing apart; static batches only. */
  readonly usdPerMillionByPhase?: { readonly input: number; readonly output: number }
  readonly joulesPerOutput?: number
}

const times = ({ value, low, high }: Interval, by: number): Interval => ({
  value: value * by,
  low: low * by,
  high: high * by,
})

const over = (by: number, { value, low, high }: Interval): Interval => ({
  value: by / value,
  low: by / high,
  high: by / low,
})

/** Per token means: the tokens of the traffic’s requests, every shape equally often. */
export function costSheet({ question }: Appraised, standing: Standing): CostSheet {
  const { knowledge, objective, prices } = question
  const { appraisal, cost } = standing
  const { deployment, deviceSecondsPerRequest, outputTokens } = appraisal
  const { tensorParallel, hardware } = deployment.block
  const perToken = deviceSecondsPerRequest / outputTokens
  // Costs in device-seconds and in USD are proportional; other objectives say nothing of their spread.
  const proportional = objective === 'device-seconds' || objective === 'usd'
  const share = proportional ? times(cost, 1 / cost.value) : { value: 1, low: NaN, high: NaN }
  const deviceSeconds = times(share, perToken)
  const points = deployment.points.flatMap((point) => knowledge.points[point] ?? [])
  const inputTokens =
    points.reduce((sum, { configuration }) => sum + configuration.inputTokens, 0) / points.length
  const price = priceIn(prices, hardware)?.usdPerDeviceHour
  const usd = (per: Interval, by: number) => times(per, usdPerMillion(by, 1))

  // Of a mix, reading and writing of each shape would have to be weighed; one shape can be split.
  const only = points.length === 1 ? points[0] : undefined
  const split =
    only === undefined
      ? undefined
      : phaseSplit(
          deviceSecondsPerRequest,
          (only.estimates.batch_ttft ?? only.estimates.ttft)?.value,
          only.configuration,
          knowledge.loadAxis,
        )
  const watts = only?.estimates.power?.value
  return {
    tokensPerDevice: over(1, deviceSeconds),
    requestRate: over(tensorParallel, times(share, deviceSecondsPerRequest)),
    ...(knowledge.loadAxis === 'request_rate'
      ? {}
      : { tokensPerUser: over(tensorParallel / deployment.load, deviceSeconds) }),
    ...(price === undefined
      ? {}
      : {
          usdPerMillionOutput: usd(deviceSeconds, price),
          usdPerMillionTotal: usd(
            times(share, deviceSecondsPerRequest / (inputTokens + outputTokens)),
            price,
          ),
        }),
    ...(price === undefined || split === undefined
      ? {}
      : {
          usdPerMillionByPhase: {
            input: usdPerMillion(split.prefill / inputTokens, price),
            output: usdPerMillion(split.decode / outputTokens, price),
          },
        }),
    ...(watts === undefined ? {} : { joulesPerOutput: (watts * perToken) / tensorParallel }),
  }
}
