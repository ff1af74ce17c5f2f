import type { MetricName } from '../../../shared/domain/metric.js'
import type { Sample } from '../../../shared/domain/sample.js'
import type { RateRamp } from '../../../shared/domain/sweep.js'
import type { Endpoint } from '../../engine/engine.js'

/** When requests leave. */
export type LoadPattern =
  /** `batch` requests at once; done when all have ended. */
  | { readonly kind: 'static-batch'; readonly batch: number }
  /**
   * `concurrency` requests in flight, each replaced as it ends. Measured from the moment every slot
   * has ended its first request, until the stop rule says enough; then drained.
   */
  | { readonly kind: 'closed-loop'; readonly concurrency: number; readonly stop: StopRule }
  /** Requests at times drawn beforehand, whether or not earlier ones have ended. */
  | {
      readonly kind: 'open-loop'
      /** Requests per second. */
      readonly rate: number
      readonly arrivals: 'constant' | 'poisson' | 'gamma'
      /** Shape of the gamma distribution: 1 is Poisson, smaller is burstier. */
      readonly burstiness: number
      /** A rate that grows to `rate` over the whole of the run. */
      readonly ramp?: RateRamp
      readonly stop: StopRule
    }
  /** A list of requests, each sent once; done when all have ended. The window is the whole run. */
  | {
      readonly kind: 'listed'
      readonly requests: readonly ListedRequest[]
      /** Requests in flight at most; a request that is due then waits for another to end. */
      readonly concurrency?: number
      /** Seconds after which nothing more is sent. */
      readonly maximumSeconds: number
    }

/** What one request asks for. */
export interface RequestShape {
  /** Tokens of a synthetic prompt. */
  readonly inputTokens: number
  /** Tokens to generate. */
  readonly outputTokens: number
  /** The prompt’s own text, instead of a synthetic one; its length is then what the engine counts. */
  readonly prompt?: string
}

/** One request of a list: of a trace, of a data set, or drawn. */
export interface ListedRequest extends RequestShape {
  /** Seconds after the start at which it is to leave; absent: as soon as a slot is free. */
  readonly at?: number
}

/** When a loop has measured enough. */
export interface StopRule {
  readonly metrics: readonly MetricName[]
  /** Relative half-width of every wanted metric’s interval. */
  readonly precision: number
  /** Requests that must have ended inside the window before precision may end it. */
  readonly minimumRequests: number
  /** Requests after which it ends in any case. */
  readonly maximumRequests: number
  /** Seconds of ramp-up and window after which it ends in any case. */
  readonly maximumSeconds: number
}

/** One order to a load generator; plain data, so that it can cross to a worker thread. */
export interface LoadJob {
  readonly endpoint: Endpoint
  readonly pattern: LoadPattern
  readonly inputTokens: number
  readonly outputTokens: number
  /** What a loop goes through, again and again, instead of requests of one shape. */
  readonly shapes?: readonly RequestShape[]
  /** Words of a prompt of `inputTokens` where prompts go as text; found by {@link calibrateWords}. */
  readonly promptWords?: number
  /** The engine may end an answer early: the output length is then a limit, not what is asked. */
  readonly mayStopEarly?: boolean
  /** Fields that every request carries besides: how tokens are drawn, for one. */
  readonly extraBody?: Readonly<Record<string, unknown>>
  readonly requestTimeoutSeconds: number
  readonly seed: number
  /** Number of the first prompt; no two requests of a trial share one. */
  readonly firstPrompt: number
  readonly repetition: number
  readonly warmUp: boolean
  /** Second of the clock before which nothing is sent: parts of a load start together. */
  readonly startAt?: number
}

/** How the load generator itself fared: what could have delayed the times it took. */
export interface ClientHealth {
  /** Busy share of the generator’s event loop, 0..1. */
  readonly eventLoopUtilization: number
  /** How late the generator notices what has arrived, in seconds. */
  readonly loopDelayMean: number
  readonly loopDelayP99: number
  readonly loopDelayMax: number
}

/** The seconds in which the load was what was asked, on the clock of the samples. */
export interface LoadWindow {
  readonly from: number
  readonly to: number
}

export interface LoadReport {
  readonly samples: readonly Sample[]
  readonly window: LoadWindow
  readonly health: ClientHealth
  /** Why a loop ended, in words; absent for a batch. */
  readonly ended?: 'precision' | 'requests' | 'seconds' | 'over-saturated' | 'failing' | 'cancelled'
}

/**
 * Generates load. `run` rejects only when the generator itself fails or the signal aborts; failed
 * requests are samples.
 */
export interface LoadGenerator {
  /** @param enough ends a loop early, in order: nothing more is sent, what is under way ends. */
  run(job: LoadJob, signal: AbortSignal, enough?: AbortSignal): Promise<LoadReport>
  close(): Promise<void>
}
