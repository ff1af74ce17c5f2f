import type { Configuration } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'
import type { Sweep, Workload } from '../../shared/domain/sweep.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import type { Surface } from '../model/surface.js'

/** What a strategy learns from one trial that ended. Indices are the space’s. */
export interface Observation {
  readonly index: number
  readonly outcome: 'measured' | 'infeasible'
  /** Value and relative sd of one such value, by metric; empty when infeasible. */
  readonly values: Readonly<Record<string, { readonly value: number; readonly relativeSd: number }>>
  /** Percentiles over the trial’s requests, where there were enough; a decision’s limits may name them. */
  readonly percentiles?: Readonly<
    Partial<Record<string, Readonly<Partial<Record<'p50' | 'p90' | 'p95' | 'p99', number>>>>>
  >
  /** Device-seconds that the trial cost. */
  readonly cost: number
  readonly purpose: TrialPurpose
  /** Agent that measured it: agents of one class differ. */
  readonly agent: string
  /** Epoch milliseconds: levels change. A strategy must not read any other clock. */
  readonly at: number
  /**
   * What the same samples say of shorter outputs. No trials of their own: they cost nothing, audit
   * nothing, and share the noise of this one.
   */
  readonly harvest?: readonly Pick<Observation, 'index' | 'values'>[]
}

/** Who is asking: decides which configurations it can run, and which need an engine restart. */
export interface Asker {
  readonly agent: string
  /** Can this agent run the configuration at all. */
  readonly canRun: (configuration: Configuration) => boolean
  /** Block key of the engine it has running, if any. */
  readonly runningBlock?: string
  /** Epoch milliseconds at which it asks: what is due by the hour is due by this. Unknown: nothing is. */
  readonly at?: number
}

export interface Suggestion {
  readonly index: number
  readonly purpose: TrialPurpose
  /** One sentence for people: why this point, now. */
  readonly why: string
}

/**
 * Decides what to measure next. Pure: no clock, no I/O, all randomness from its seed; a replay of
 * the same calls gives the same answers bit for bit. Laws in test/laws/strategy.test.ts:
 * never outside the space; never the same index twice unless purpose is `repeat`; never a pending
 * index; the order of tells does not matter; scaling a metric changes no choice.
 */
export interface Strategy {
  readonly name: string
  /** Up to `count` suggestions, fewer when nothing (more) is worth or left to measure. Marks none pending. */
  ask(asker: Asker, count: number): Suggestion[]
  tell(observation: Observation): void
  tellPending(index: number, purpose: TrialPurpose): void
  /** A pending trial was lost and will not be told; the index may be suggested again. */
  remove(index: number): void
  /** True when it will never suggest anything again, whatever it is told. */
  exhausted(): boolean
  /** Predicted device-seconds of all that it will still suggest, where it knows that beforehand. */
  remainingCost?(): number | undefined
}

export interface StrategyContext {
  readonly space: Space
  /** Told every observation and pending before the strategy is. */
  readonly surface: Surface
  readonly seed: number
  readonly auditShare: number
  /** Share of the cost that anchors may take; none are measured when absent. */
  readonly anchorShare?: number
  /** Those anchors: measured again for reasons that are not the strategy’s own. */
  readonly anchors?: ReadonlySet<number>
  /** How much a configuration counts in accuracy; all count the same when absent. */
  readonly weight?: (index: number) => number
  /** Unknown: a strategy then assumes nothing that only a static batch allows. */
  readonly workload?: Workload
  /** What `custom` measures. */
  readonly points?: Sweep['strategy']['points']
}
