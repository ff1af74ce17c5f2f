import type { Configuration } from '../../shared/domain/configuration.js'
import { metricTable } from '../../shared/domain/metric.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Workload } from '../../shared/domain/sweep.js'

/**
 * Positive terms whose weighted sum is the expected seconds of a configuration.
 *
 * @param capacity tokens that the engine keeps in memory at once; Infinity where no limit is known.
 */
export type Basis = (configuration: Configuration, capacity: number) => readonly number[]

interface Symbols {
  /** Sequences asked for at once. */
  readonly asked: number
  /** Sequences that run at once: no more than memory holds. */
  readonly b: number
  readonly n: number
  readonly out: number
  readonly tp: number
  readonly split: number
  readonly context: number
  /** Rounds before the one that a typical sequence runs in, when all rounds are full. */
  readonly wait: number
  /** The same with a last round as small as it is. */
  readonly sharedWait: number
}

/** What the pieces of a configuration are called in formulas. */
function symbols(configuration: Configuration, capacity: number): Symbols {
  const { load, inputTokens, outputTokens, tensorParallel } = configuration
  const fitting = Math.max(1, Math.floor(capacity / (inputTokens + outputTokens)))
  const full = Math.ceil(load / fitting - 1e-9) - 1
  return {
    asked: load,
    b: Math.min(load, fitting),
    n: inputTokens,
    out: outputTokens,
    tp: tensorParallel,
    split: tensorParallel > 1 ? 1 : 0,
    context: inputTokens + outputTokens / 2,
    wait: full / 2,
    sharedWait: full === 0 ? 0 : (full * (load - ((full + 1) / 2) * fitting)) / load,
  }
}

type Terms = (symbols: Symbols) => number[]

/** Seconds of one decode step: weights, per-sequence work, attention over the context, all-reduce. */
const decodeStep: Terms = ({ b, tp, split, context }) => [
  1,
  1 / tp,
  b / tp,
  (b * context) / tp,
  b * split,
  Math.sqrt(b) / tp,
]

const closedLoopStep: Terms = (symbols) => {
  const { b, n, out, tp } = symbols
  return [...decodeStep(symbols), (b * n) / out / tp]
}

/**
 * Mean seconds until the first token of a batch that starts together. What memory cannot hold waits
 * for whole rounds, prefill and decode, of what it holds.
 */
const prefill: Terms = ({ b, n, out, tp, split, context, wait, sharedWait }) => [
  1,
  1 / tp,
  ((1 + wait) * b * n) / tp,
  ((1 + wait) * b * n * n) / tp,
  (1 + wait) * b * n * split,
  n / tp,
  (wait * out) / tp,
  (wait * out * b * context) / tp,
  wait * out * b,
  (sharedWait * out) / tp,
]

const closedLoopPrefill: Terms = ({ asked, b, n, out, tp, split, wait }) => [
  1,
  n / tp,
  (asked * n) / tp,
  asked * n * split,
  (n * n) / tp,
  asked,
  (b * b * n) / out / tp,
  (2 * wait * out) / tp,
]

/** Decode steps one after the other, after the prefill, wave after wave. */
const endToEnd =
  (step: Terms): Terms =>
  (symbols) => {
    const { asked, b, n, out, tp } = symbols
    const rounds = Math.max(1, asked / b)
    return [
      ...step(symbols).map((term) => term * out * rounds),
      (asked * n) / tp,
      (asked * n * n) / tp,
      1,
    ]
  }

/** Where nothing is known: powers of the load and the lengths. */
const generic: Terms = ({ asked: b, n, out, tp }) => [
  1,
  1 / tp,
  Math.sqrt(b),
  b,
  b / tp,
  (b * (n + out)) / tp,
  n,
  out,
]

/** Seconds that holding the devices costs: a fixed part, then the trial’s own runs. */
const trialCost =
  (step: Terms): Terms =>
  (symbols) => {
    const { asked, b, n, out, tp } = symbols
    const rounds = Math.max(1, asked / b)
    return [tp, 1, ...step(symbols).map((term) => term * out * tp * rounds), asked * n]
  }

const basis =
  (terms: Terms): Basis =>
  (configuration, capacity) =>
    terms(symbols(configuration, capacity))

/** The terms that explain a metric under a workload. */
export function basisOf(metric: MetricName, workload: Workload): Basis {
  const still = workload.kind === 'static-batch'
  const step = still ? decodeStep : closedLoopStep
  if (metric === 'itl' || metric === 'tpot') return basis(step)
  if (metric === 'ttft' || metric === 'batch_ttft')
    return basis(still ? prefill : closedLoopPrefill)
  const whole = metric === 'e2e' || metricTable[metric].family === 'rate'
  return basis(whole && workload.kind !== 'open-loop' ? endToEnd(step) : generic)
}

export function costBasis(workload: Workload): Basis {
  return basis(trialCost(workload.kind === 'static-batch' ? decodeStep : closedLoopStep))
}

/** How memory for tokens grows with devices: more of them leave a larger part of each one’s free. */
export const devicePower = 1.15

/** Tokens that a configuration keeps in memory at once when all of it fits. */
export function tokenDemand({ load, inputTokens, outputTokens }: Configuration): number {
  return load * (inputTokens + outputTokens)
}
