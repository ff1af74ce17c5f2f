import type { Doubt, Harvest, MetricEstimate } from '../../shared/domain/measurement.js'
import type { Observed } from './trial-context.js'

/** What the measuring step of a trial hands to judgement. */
export interface Measured {
  /** Repetitions that count (static batch), or the one window of a loop. */
  readonly windows: readonly Observed[]
  readonly metrics: readonly MetricEstimate[]
  /** Seconds of gaps between repetitions, and of ramp-up and ramp-down. */
  readonly gapSeconds: number
  /** Doubts that only this step can know. */
  readonly doubts: readonly Doubt[]
  /** What its samples say of shorter outputs; absent where that is not asked for. */
  readonly harvest?: readonly Harvest[]
}
