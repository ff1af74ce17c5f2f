import type { LoadJob, LoadReport } from './load-job.js'

/** What the agent says to the load generator’s thread. */
export type LoadOrder =
  | { readonly kind: 'run'; readonly id: number; readonly job: LoadJob }
  | { readonly kind: 'abort'; readonly id: number }
  /** Ends the job’s loop in order. */
  | { readonly kind: 'enough'; readonly id: number }
  /** Sent at this second of the clock: how long it waits is how long bytes wait. */
  | { readonly kind: 'pulse'; readonly at: number }
  | { readonly kind: 'close' }

/** What the load generator’s thread answers; exactly one answer per `run`. */
export type LoadAnswer =
  | { readonly kind: 'report'; readonly id: number; readonly report: LoadReport }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string }
