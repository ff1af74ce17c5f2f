import type { Configuration } from '../../shared/domain/configuration.js'
import { metricTable } from '../../shared/domain/metric.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Workload } from '../../shared/domain/sweep.js'

/** Positive terms whose weighted sum is the expected seconds of a configuration. */
export type Basis = (configuration: Configuration) => readonly number[]

/** What the pieces of a configuration are called in formulas. */
function symbols(configuration: Configuration): {
  b: number
  n: number
  out: number
  tp: number
  split: number
  context: number
} {
  const { load, inputTokens, outputTokens, tensorParallel } = configuration
  return {
    b: load,
    n: inputTokens,
    out: outputTokens,
    tp: tensorParallel,
    split: tensorParallel > 1 ? 1 : 0,
    context: inputTokens + outputTokens / 2,
  }
}

/** Seconds of one decode step: weights, per-sequence work, attention over the context, all-reduce. */
const decodeStep: Basis = (configuration) => {
  const { b, tp, split, context } = symbols(configuration)
  return [1, 1 / tp, b / tp, (b * context) / tp, b * split, Math.sqrt(b) / tp]
}

const closedLoopStep: Basis = (configuration) => {
  const { b, n, out, tp } = symbols(configuration)
  return [...decodeStep(configuration), (b * n) / out / tp]
}

/** Seconds until the first token of a batch that starts together. */
const prefill: Basis = (configuration) => {
  const { b, n, tp, split } = symbols(configuration)
  return [1, 1 / tp, (b * n) / tp, (b * n * n) / tp, b * n * split, n / tp]
}

const closedLoopPrefill: Basis = (configuration) => {
  const { b, n, out, tp, split } = symbols(configuration)
  return [1, n / tp, (b * n) / tp, b * n * split, (n * n) / tp, b, (b * b * n) / out / tp]
}

/** Decode steps one after the other, after the prefill. */
const endToEnd =
  (step: Basis): Basis =>
  (configuration) => {
    const { b, n, out, tp } = symbols(configuration)
    return [...step(configuration).map((term) => term * out), (b * n) / tp, (b * n * n) / tp, 1]
  }

/** Where nothing is known: powers of the load and the lengths. */
const generic: Basis = (configuration) => {
  const { b, n, out, tp } = symbols(configuration)
  return [1, 1 / tp, Math.sqrt(b), b, b / tp, (b * (n + out)) / tp, n, out]
}

/** Seconds that holding the devices costs: a fixed part, then the trial’s own runs. */
const trialCost =
  (step: Basis): Basis =>
  (configuration) => {
    const { b, n, out, tp } = symbols(configuration)
    return [tp, 1, ...step(configuration).map((term) => term * out * tp), b * n]
  }

/** The terms that explain a metric under a workload. */
export function basisOf(metric: MetricName, workload: Workload): Basis {
  const step = workload.kind === 'static-batch' ? decodeStep : closedLoopStep
  if (metric === 'itl' || metric === 'tpot') return step
  if (metric === 'ttft' || metric === 'batch_ttft') {
    return workload.kind === 'static-batch' ? prefill : closedLoopPrefill
  }
  const whole = metric === 'e2e' || metricTable[metric].family === 'rate'
  return whole && workload.kind !== 'open-loop' ? endToEnd(step) : generic
}

export function costBasis(workload: Workload): Basis {
  return trialCost(workload.kind === 'static-batch' ? decodeStep : closedLoopStep)
}
