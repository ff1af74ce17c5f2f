import { FmworkError } from '../../shared/domain/errors.js'
import type { Interval } from '../../shared/domain/meta-metrics.js'
import { isSurfaceMetric } from '../../shared/domain/metric.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { SurfaceRow, Verification } from '../../shared/domain/sweep-desk.js'
import { compileWeights } from '../../shared/domain/weights.js'
import { mean } from '../../shared/stats/quantile.js'
import { createRandom } from '../../shared/stats/random.js'
import { spentOf, startsForecast } from '../analysis/meta-metrics.js'
import { drawWithoutReplacement } from '../analysis/random-sample.js'
import { verificationOf } from '../analysis/verification.js'
import type { VerifiedPoint } from '../analysis/verification.js'
import type { StoredTrial } from './store-records.js'
import type { DispatchTools, SweepRun } from './sweep-run.js'

/** Trials of a reference that may be ordered at once. */
const maxReference = 100_000
/** Trials read at a time, and configurations asked of the planner at a time. */
const page = 500

/** The reference of a completed sweep: ordering it, and laying it beside the claim. */
export class Verifier {
  readonly #tools: DispatchTools

  constructor(tools: DispatchTools) {
    this.#tools = tools
  }

  /**
   * Queues the reference: `sample` feasible configurations drawn uniformly, or all of them. Those
   * verified before are not measured again, and the same seed draws the same ones first.
   *
   * @returns how many trials remain to be measured.
   * @throws FmworkError SWEEP_STATE, LIMIT_EXCEEDED.
   */
  order(run: SweepRun, sample: number | undefined, seed: number): number {
    const { ground } = run
    if (run.state !== 'COMPLETED' || ground === undefined) {
      throw new FmworkError(
        'SWEEP_STATE',
        `only a COMPLETED sweep has a claim to verify; this one is ${run.state}`,
      )
    }
    const { space } = ground
    const infeasible = this.#infeasible(run)
    const wanted = Math.min(sample ?? space.size, space.size - infeasible.size)
    if (wanted > maxReference) {
      throw new FmworkError(
        'LIMIT_EXCEEDED',
        `a reference of ${wanted} configurations is above ${maxReference}`,
        { hint: 'Verify a random share of the grid with --sample N.' },
      )
    }
    const { store, clock } = this.#tools
    const random = createRandom(seed).fork('verify')
    const at = clock.wall()
    store.atomically(() => {
      let ordered = 0
      for (const index of drawWithoutReplacement(space.size, random)) {
        if (ordered >= wanted) break
        if (infeasible.has(index)) continue
        ordered += 1
        store.queueTrial({
          sweepId: run.sweepId,
          index,
          configuration: space.at(index),
          purpose: 'verify',
          why: 'part of the reference',
          seed: run.seedFor(index, 'verify', 1),
          queuedAt: at,
        })
      }
    })
    const { verifyOrdered, verifyMeasured } = store.totals(run.sweepId)
    return verifyOrdered - verifyMeasured
  }

  /** The claim beside the truth; undefined while nothing is verified. */
  async verification(run: SweepRun): Promise<Verification | undefined> {
    const { store } = this.#tools
    const { ground } = run
    const trials = [...this.trials(run.sweepId)]
    const verified = trials.filter(
      ({ purpose, state }) => purpose === 'verify' && state === 'SUCCEEDED',
    )
    const stored = store.findSweep(run.sweepId)
    if (ground === undefined || stored?.planStatus === undefined || verified.length === 0) {
      return undefined
    }
    const results = trials.filter(
      ({ purpose, state }) =>
        purpose === 'verify' && (state === 'SUCCEEDED' || state === 'INFEASIBLE'),
    )
    const totals = store.totals(run.sweepId)
    return verificationOf({
      metrics: run.spec.metrics.filter(isSurfaceMetric),
      claims: stored.planStatus.accuracy,
      points: await this.#points(run, verified, surveyOf(trials)),
      costs: results.map(({ deviceSeconds }) => deviceSeconds),
      of: ground.space.size - this.#infeasible(run).size,
      starts: startsForecast(totals, ground.blocks.count),
      sweepDeviceSeconds: spentOf(totals, run.spec.prices).deviceSeconds,
      seed: run.spec.strategy.seed,
    })
  }

  /** Every trial of a sweep, page by page. */
  *trials(sweepId: string): Generator<StoredTrial> {
    let after: string | undefined
    for (;;) {
      const trials = this.#tools.store.trialsOf(sweepId, after, page)
      yield* trials
      after = trials.at(-1)?.trialId
      if (trials.length < page) return
    }
  }

  #infeasible({ sweepId }: SweepRun): Set<number> {
    const found = new Set<number>()
    for (const { state, purpose, index } of this.trials(sweepId)) {
      if (state === 'INFEASIBLE' && purpose !== 'verify') found.add(index)
    }
    return found
  }

  async #points(
    run: SweepRun,
    verified: readonly StoredTrial[],
    survey: ReadonlyMap<number, Values>,
  ): Promise<VerifiedPoint[]> {
    const { planner, giveBack } = await run.ledger.borrow()
    const rows = new Map<number, SurfaceRow>()
    try {
      // Neighbours in one call: the whole grid takes few, a sparse sample no more than its points.
      for (const { first, count } of runsOf(verified.map(({ index }) => index))) {
        for (const row of await planner.surface(first, count)) rows.set(row.index, row)
      }
    } finally {
      giveBack()
    }
    const weigh = compileWeights(run.spec)
    return verified.map((trial) => ({
      ...(weigh === undefined ? {} : { weight: weigh(trial.configuration) }),
      truths: valuesOf(trial),
      // Where the sweep measured, its measurement is what it says.
      estimates: survey.get(trial.index) ?? estimatesOf(rows.get(trial.index)?.estimates ?? {}),
    }))
  }
}

type Values = Readonly<Partial<Record<MetricName, number>>>

function valuesOf({ measurement }: StoredTrial): Values {
  return Object.fromEntries(
    (measurement?.metrics ?? []).map(({ metric, value }) => [metric, value]),
  )
}

function estimatesOf(estimates: Readonly<Partial<Record<MetricName, Interval>>>): Values {
  return Object.fromEntries(Object.entries(estimates).map(([metric, { value }]) => [metric, value]))
}

/** What the sweep itself measured, by configuration: the mean where it measured more than once. */
function surveyOf(trials: readonly StoredTrial[]): Map<number, Values> {
  const groups = new Map<number, StoredTrial[]>()
  for (const trial of trials) {
    if (trial.purpose === 'verify' || trial.state !== 'SUCCEEDED') continue
    groups.set(trial.index, [...(groups.get(trial.index) ?? []), trial])
  }
  return new Map([...groups].map(([index, group]) => [index, meanOf(group.map(valuesOf))]))
}

function meanOf(all: readonly Values[]): Values {
  const metrics = new Set(all.flatMap((values) => Object.keys(values) as MetricName[]))
  return Object.fromEntries(
    [...metrics].map((metric) => [metric, mean(all.flatMap((values) => values[metric] ?? []))]),
  )
}

/** Consecutive numbers as ranges of at most a page. */
export function runsOf(indices: readonly number[]): { first: number; count: number }[] {
  const runs: { first: number; count: number }[] = []
  for (const index of [...indices].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && last.first + last.count === index && last.count < page) {
      last.count += 1
    } else runs.push({ first: index, count: 1 })
  }
  return runs
}
