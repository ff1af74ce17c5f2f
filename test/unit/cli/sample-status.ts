import type { MetricAccuracy, SweepStatus } from '../../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../../shared/domain/metric.js'

const unknown = { value: NaN, low: NaN, high: NaN }

/** A claim as a surface makes it: calibrated, at 92 %, unless the test says otherwise. */
export function accuracyOf(
  metric: MetricName,
  changes: Partial<MetricAccuracy> = {},
): MetricAccuracy {
  return {
    metric,
    calibrated: true,
    why: '20 of 6 audits',
    accuracy: { value: 0.92, low: 0.9, high: 0.94 },
    within5: { value: 0.7, low: 0.6, high: 0.8 },
    p95Error: { value: 0.15, low: 0.1, high: 0.2 },
    bias: { value: 0.01, low: -0.01, high: 0.03 },
    noiseFloor: 0.02,
    ...changes,
  }
}

export const uncalibrated = (metric: MetricName): MetricAccuracy =>
  accuracyOf(metric, {
    calibrated: false,
    why: '2 of 6 audits',
    accuracy: { value: 0.999, low: 0.99, high: 1 },
    noiseFloor: NaN,
  })

/** A sweep in its middle: 40 of 1,200 measured, no claim reached. */
export function statusOf(changes: Partial<SweepStatus> = {}): SweepStatus {
  return {
    sweep: { sweepId: 's1', name: 'tiny', state: 'RUNNING', reason: '', createdAt: 0 },
    configurations: 1200,
    measured: 40,
    audits: 8,
    infeasible: 0,
    failed: 0,
    pending: 2,
    invalid: 3,
    accuracy: [accuracyOf('ttft'), accuracyOf('itl')],
    spent: {
      deviceSeconds: 120,
      setUp: 10,
      warmUp: 20,
      measured: 80,
      gaps: 10,
      makespan: 65,
    },
    fullGridDeviceSeconds: { value: 3000, low: 2800, high: 3300 },
    gain: { value: 25, low: 23.3, high: 27.5 },
    goalAccuracy: 0.95,
    goalReached: false,
    agents: [],
    changes: [],
    nodes: [],
    verifyOrdered: 0,
    verifyMeasured: 0,
    ...changes,
  }
}

/** Before the first measurement nothing is known, and every figure says so itself. */
export const freshStatus = (): SweepStatus =>
  statusOf({
    measured: 0,
    audits: 0,
    invalid: 0,
    pending: 0,
    accuracy: [uncalibrated('ttft')],
    fullGridDeviceSeconds: unknown,
    gain: unknown,
    spent: { deviceSeconds: 0, setUp: 0, warmUp: 0, measured: 0, gaps: 0, makespan: 0 },
  })
