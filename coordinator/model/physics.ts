import type { Configuration } from '../../shared/domain/configuration.js'
import { metricTable } from '../../shared/domain/metric.js'
import type { MetricName } from '../../shared/domain/metric.js'
import { replays } from '../../shared/domain/sweep.js'
import type { Workload } from '../../shared/domain/sweep.js'

/** Positive terms whose weighted sum is the expected seconds of a configuration. */
export interface Basis {
  /** @param capacity tokens that the engine keeps in memory at once; Infinity where no limit is known. */
  readonly terms: (configuration: Configuration, capacity: number) => readonly number[]
  /** Usual weights of the terms, relative to each other; undefined where nobody knows any. */
  readonly usual: readonly number[] | undefined
  /** How far terms may be from there, beside what is usual; undefined where all are 1. */
  readonly freedom: readonly number[] | undefined
}

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
  const most = Math.max(1, Math.floor(capacity / (inputTokens + outputTokens)))
  const fitting = Math.min(load, most)
  const full = Math.ceil(load / fitting - 1e-9) - 1
  return {
    asked: load,
    b: fitting,
    n: inputTokens,
    out: outputTokens,
    tp: tensorParallel,
    split: tensorParallel > 1 ? 1 : 0,
    context: inputTokens + outputTokens / 2,
    wait: full / 2,
    sharedWait: full === 0 ? 0 : (full * (load - ((full + 1) / 2) * fitting)) / load,
  }
}

/**
 * Terms, and how much each usually weighs beside reading the weights of the model once on one
 * device: powers of ten, from fits to published measurements (LLM-Inference-Bench on A100, H100,
 * GH200 and MI250, iteration times of vLLM on B300, kernel tables from A100 to B200). They agree
 * within a factor of three, since what a device computes, moves and synchronises has grown alike.
 */
interface Physics {
  readonly of: (symbols: Symbols) => number[]
  readonly usual: readonly number[]
  readonly freedom?: readonly number[]
}

/** What a run costs before it begins is its software’s, so it differs more than what hardware does. */
const softwareFreedom = 1.6

const powers = (...exponents: number[]): number[] => exponents.map((exponent) => 10 ** exponent)

/** Seconds of one decode step: weights, per-sequence work, attention over the context, all-reduce. */
const decodeStep: Physics = {
  of: ({ b, tp, split, context }) => [
    1,
    1 / tp,
    b / tp,
    (b * context) / tp,
    b * split,
    Math.sqrt(b) / tp,
  ],
  usual: powers(-0.2, 0, -2.3, -5, -2.6, -1.7),
}

const closedLoopStep: Physics = {
  of: (symbols) => {
    const { b, n, out, tp } = symbols
    return [...decodeStep.of(symbols), (b * n) / out / tp]
  },
  usual: [...decodeStep.usual, ...powers(-2.3)],
}

/**
 * Mean seconds until the first token of a batch that starts together. What memory cannot hold waits
 * for whole rounds, prefill and decode, of what it holds.
 */
const prefill: Physics = {
  of: ({ b, n, out, tp, split, context, wait, sharedWait }) => [
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
  ],
  usual: powers(-0.3, -1.6, -2.3, -6.9, -3, -2.8, 0, -5, -2.3, 0),
}

const closedLoopPrefill: Physics = {
  of: ({ asked, b, n, out, tp, split, wait }) => [
    1,
    n / tp,
    (asked * n) / tp,
    asked * n * split,
    (n * n) / tp,
    asked,
    (b * b * n) / out / tp,
    (2 * wait * out) / tp,
  ],
  usual: powers(-0.3, -2.3, -2.8, -3.3, -6.9, -1.3, -2.3, 0),
}

/** Decode steps one after the other, after the prefill, wave after wave. */
const endToEnd = (step: Physics): Physics => ({
  of: (symbols) => {
    const { asked, b, n, out, tp } = symbols
    const rounds = Math.max(1, asked / b)
    return [
      ...step.of(symbols).map((term) => term * out * rounds),
      (asked * n) / tp,
      (asked * n * n) / tp,
      1,
    ]
  },
  usual: [...step.usual, ...powers(-2.3, -4.8, 0.9)],
  freedom: [...step.usual.map(() => 1), 1, 1, softwareFreedom],
})

/** Where nothing is known: powers of the load and the lengths. */
const generic = ({ asked: b, n, out, tp }: Symbols): number[] => [
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
  (step: Physics) =>
  (symbols: Symbols): number[] => {
    const { asked, b, n, out, tp } = symbols
    const rounds = Math.max(1, asked / b)
    return [tp, 1, ...step.of(symbols).map((term) => term * out * tp * rounds), asked * n]
  }

const basis = (
  of: (symbols: Symbols) => number[],
  usual?: readonly number[],
  freedom?: readonly number[],
): Basis => ({
  terms: (configuration, capacity) => of(symbols(configuration, capacity)),
  usual,
  freedom,
})

const physical = ({ of, usual, freedom }: Physics): Basis => basis(of, usual, freedom)

/** The terms that explain a metric under a workload. */
export function basisOf(metric: MetricName, workload: Workload): Basis {
  // Of a trace the rate alone changes; what its bursts do no formula here says.
  if (replays(workload)) return basis(generic)
  const still = workload.kind === 'static-batch'
  const step = still ? decodeStep : closedLoopStep
  if (metric === 'itl' || metric === 'tpot') return physical(step)
  if (metric === 'ttft' || metric === 'batch_ttft')
    return physical(still ? prefill : closedLoopPrefill)
  const whole = metric === 'e2e' || metricTable[metric].family === 'rate'
  return whole && workload.kind !== 'open-loop' ? physical(endToEnd(step)) : basis(generic)
}

/** A trace takes as long as its rate says, whatever the engine does. */
const replayCost = ({ asked, tp }: Symbols): number[] => [tp, 1, tp / asked]

export function costBasis(workload: Workload): Basis {
  if (replays(workload)) return basis(replayCost)
  return basis(trialCost(workload.kind === 'static-batch' ? decodeStep : closedLoopStep))
}

/** How memory for tokens grows with devices: more of them leave a larger part of each one’s free. */
export const devicePower = 1.15

/** Tokens that a configuration keeps in memory at once when all of it fits. */
export function tokenDemand({ load, inputTokens, outputTokens }: Configuration): number {
  return load * (inputTokens + outputTokens)
}

/**
 * Seconds until the first token by the usual weights, in units of reading the model’s weights once.
 *
 * @param capacity tokens that memory holds at once.
 */
export function usualFirstToken(
  configuration: Configuration,
  workload: Workload,
  capacity: number,
): number {
  const { terms, usual = [] } = basisOf('ttft', workload)
  return terms(configuration, capacity).reduce((sum, term, k) => sum + term * (usual[k] ?? 0), 0)
}
