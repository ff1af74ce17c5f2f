import type { SweepStatus } from '../../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { loadAxis } from '../../../shared/domain/sweep.js'
import type { Sweep } from '../../../shared/domain/sweep.js'
import type {
  CurvePoint,
  SurfaceRow,
  TrialRecord,
  Verification,
} from '../../../shared/domain/sweep-desk.js'

/** Everything that a report says, before any form is given to it. */
export interface Report {
  /** The sweep file as submitted. */
  readonly text: string
  readonly sweep: Sweep
  readonly status: SweepStatus
  /** Parsed JSON: what the machines and engines were. */
  readonly environment: unknown
  readonly curve: readonly CurvePoint[]
  readonly trials: readonly TrialRecord[]
  /** The whole surface, in the order of the space. */
  readonly surface: readonly SurfaceRow[]
  /** Keys of the configurations that a successful audit measured. */
  readonly auditKeys: ReadonlySet<string>
  readonly verification?: Verification
}

/** Metrics that the surface estimates anywhere, in the order of the sweep file. */
export function estimatedMetrics(report: Report): MetricName[] {
  const present = new Set<string>()
  for (const row of report.surface) for (const name of Object.keys(row.estimates)) present.add(name)
  return report.sweep.metrics.filter((metric) => present.has(metric))
}

interface LoadWords {
  /** For people. */
  readonly label: string
  /** A column name, with its unit. */
  readonly column: string
}

/** What the load axis of the sweep is called. */
export function loadWords({ sweep }: Report): LoadWords {
  switch (loadAxis(sweep.workload)) {
    case 'batch_size':
      return { label: 'batch size (sequences)', column: 'batch_size_sequences' }
    case 'concurrency':
      return { label: 'concurrency (requests)', column: 'concurrency_requests' }
    case 'request_rate':
      return { label: 'request rate (req/s)', column: 'request_rate_per_s' }
  }
}
