import { isDecided } from '../../shared/domain/decided.js'
import type { EngineFacts } from '../../shared/domain/environment.js'
import { compileWeights } from '../../shared/domain/weights.js'
import { harvestLengths, streams } from '../../shared/domain/harvest.js'
import { isSurfaceMetric } from '../../shared/domain/metric.js'
import type { SurfaceMetric } from '../../shared/domain/metric.js'
import type { PastRow } from '../../shared/domain/past.js'
import { spanSpace } from '../../shared/domain/space.js'
import type { Space } from '../../shared/domain/space.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { SurfaceRow } from '../../shared/domain/sweep-desk.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import { AsideSurface } from '../model/aside-surface.js'
import type { Learning } from '../model/aside-surface.js'
import { createSurface } from '../model/create-surface.js'
import { shorterLookup } from '../model/harvest/shorter-outputs.js'
import type { LearntSurface } from '../model/learnt-surface.js'
import { auditsToStop, peekingFactor } from '../model/stop-rule.js'
import { askerOf } from './asker.js'
import { DecisionStage } from './decision-stage.js'
import { decisionStop } from './decision-stop.js'
import { decideStop } from './goal.js'
import type { AskerFacts, OpenPlanner, Planner, PlanStatus } from './planner.js'
import { pastStatus } from './past-status.js'
import { remainingDeviceSeconds } from './remaining.js'
import { strategies } from './strategies.js'
import type { Asker, Observation, Strategy, Suggestion } from './strategy.js'

type WhenToLearn = 'at once' | 'aside'

/** What the work returns or throws, as a promise; the work itself is done at once, in one piece. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work())
  })
}

/** The planner in this thread: strategy, surface and goal of one sweep. */
class LocalPlanner implements Planner {
  readonly #sweep: Sweep
  readonly #past: readonly PastRow[]
  readonly #space: Space
  readonly #metrics: readonly SurfaceMetric[]
  readonly #surface: LearntSurface
  readonly #aside: AsideSurface | undefined
  readonly #strategy: Strategy
  readonly #decision: DecisionStage | undefined
  readonly #measured = new Set<number>()
  readonly #infeasible = new Set<number>()
  readonly #pending = new Set<number>()
  #spent = 0
  #audits = 0
  #auditSpent = 0

  constructor(
    sweep: Sweep,
    hardware: readonly string[],
    past: readonly PastRow[],
    learns: WhenToLearn,
  ) {
    this.#sweep = sweep
    this.#past = past
    this.#space = spanSpace(sweep, hardware)
    this.#metrics = sweep.metrics.filter(isSurfaceMetric)
    const { workload, strategy, goal, measurement } = sweep
    const lengths = harvestLengths(sweep)
    const weigh = compileWeights(sweep)
    const weight =
      weigh === undefined ? {} : { weight: (index: number) => weigh(this.#space.at(index)) }
    const options = {
      space: this.#space,
      workload,
      metrics: this.#metrics,
      seed: strategy.seed,
      tolerance: 1 - goal.accuracy,
      confidence: goal.confidence,
      repetitions: measurement.repetitions,
      warmups: measurement.warmups,
      past,
      ...weight,
      ...(lengths === undefined ? {} : { shorterOf: shorterLookup(this.#space, lengths, streams) }),
    }
    this.#aside = learns === 'aside' ? new AsideSurface(options) : undefined
    this.#surface = this.#aside ?? createSurface(options)
    this.#decision =
      goal.decision === undefined
        ? undefined
        : new DecisionStage(sweep, goal.decision, this.#space, this.#surface)
    this.#strategy = strategies[strategy.kind]({
      space: this.#space,
      surface: this.#surface,
      seed: strategy.seed,
      auditShare: strategy.audit_share,
      anchorShare: strategy.anchor_share,
      workload,
      ...weight,
      ...(strategy.points === undefined ? {} : { points: strategy.points }),
    })
  }

  ask(asker: AskerFacts, count: number): Promise<Suggestion[]> {
    return promised(() => {
      const suggestions = this.#suggest(askerOf(asker), count)
      for (const { index, purpose } of suggestions) this.#pend(index, purpose)
      return suggestions
    })
  }

  tell(observation: Observation): Promise<void> {
    // The reference must not teach what it is to judge.
    if (observation.purpose === 'verify') return Promise.resolve()
    return promised(() => {
      this.#count(observation)
      this.#surface.tell(observation)
      this.#strategy.tell(observation)
      this.#decision?.tell(observation)
    })
  }

  tellPending(index: number, purpose: TrialPurpose): Promise<void> {
    if (purpose === 'verify') return Promise.resolve()
    return promised(() => {
      this.#pend(index, purpose)
    })
  }

  remove(index: number): Promise<void> {
    return promised(() => {
      this.#pending.delete(index)
      this.#surface.remove(index)
      this.#strategy.remove(index)
    })
  }

  tellEngine(blockKey: string, facts: EngineFacts): Promise<void> {
    return promised(() => {
      this.#surface.tellEngine(blockKey, facts)
    })
  }

  status(): Promise<PlanStatus> {
    return promised(() => {
      const known = this.#accuracyStop()
      const stop = this.#stop(known)
      const decision = this.#decision?.status(known !== undefined)
      const remaining = stop === undefined ? this.#remaining(known) : 0
      return {
        configurations: this.#space.size,
        accuracy: this.#surface.accuracy(),
        fullGridDeviceSeconds: this.#surface.fullGridCost(),
        measured: this.#measured.size,
        audits: this.#audits,
        infeasible: this.#infeasible.size,
        ...this.#harvestStatus(),
        ...pastStatus(this.#past, this.#surface.pastUse()),
        changes: this.#surface.changes(),
        nodes: this.#surface.nodes(),
        ...(decision === undefined ? {} : { decision }),
        ...(stop === undefined ? {} : { stop }),
        ...(remaining === undefined ? {} : { remainingDeviceSeconds: remaining }),
      }
    })
  }

  surface(first: number, count: number): Promise<SurfaceRow[]> {
    return promised(() => {
      const last = Math.min(first + count, this.#space.size)
      const rows: SurfaceRow[] = []
      for (let index = Math.max(0, first); index < last; index += 1) rows.push(this.#row(index))
      return rows
    })
  }

  learnOn(): Promise<Learning> {
    return promised(() => this.#aside?.learnOn() ?? 'idle')
  }

  adopt(): Promise<void> {
    return promised(() => this.#aside?.adopt())
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  /** The strategy’s, until what is known suffices; then what the decision still needs. */
  #suggest(asker: Asker, count: number): Suggestion[] {
    if (this.#decision === undefined || this.#accuracyStop() === undefined) {
      return this.#strategy.ask(asker, count)
    }
    const decided = this.#decision.status(true)
    if (decided !== undefined && isDecided(decided)) return []
    return this.#decision.ask(asker, count, this.#pending)
  }

  /** @throws RangeError for an index outside the space. */
  #pend(index: number, purpose: TrialPurpose): void {
    this.#space.at(index)
    this.#pending.add(index)
    this.#surface.tellPending(index, purpose)
    this.#strategy.tellPending(index, purpose)
  }

  #count({ index, outcome, cost, purpose }: Observation): void {
    this.#pending.delete(index)
    this.#spent += cost
    if (outcome === 'infeasible') {
      this.#infeasible.add(index)
      return
    }
    this.#measured.add(index)
    if (purpose === 'audit') {
      this.#audits += 1
      this.#auditSpent += cost
    }
  }

  #stop(stop: PlanStatus['stop']): PlanStatus['stop'] {
    if (stop === undefined || this.#decision === undefined) return stop
    return decisionStop(stop, this.#decision.status(true), this.#decision.stuck(this.#pending))
  }

  #accuracyStop(): PlanStatus['stop'] {
    const { accuracy, p95_error: p95Error } = this.#sweep.goal
    const goal = { accuracy, ...(p95Error === undefined ? {} : { p95Error }) }
    const exhausted = this.#strategy.exhausted()
    return decideStop({
      goal,
      verdict: this.#surface.verdict(goal),
      accuracy: this.#surface.accuracy(),
      exhausted,
      pending: this.#pending.size,
      measured: this.#measured.size,
      left: exhausted ? this.#left() : this.#space.size - this.#measured.size,
    })
  }

  /** Absent while no longer run has told of a shorter one. */
  #harvestStatus(): Pick<PlanStatus, 'harvest'> {
    const { harvested, checks, trusted, metrics } = this.#surface.harvest()
    if (harvested + checks === 0) return {}
    const biases = metrics
      .filter((metric) => metric.checks > 0)
      .map(({ metric, bias, distrusted }) => ({ metric, bias, distrusted }))
    return { harvest: { harvested, checks, trusted, biases } }
  }

  /** Configurations that are not measured, nor told of by longer runs, and not known to fail. */
  #left(): number {
    let left = 0
    for (let index = 0; index < this.#space.size; index += 1) {
      const isKnown = this.#measured.has(index) || this.#surface.isHarvested(index)
      if (!isKnown && this.#surface.feasible(index) > 0) left += 1
    }
    return left
  }

  #row(index: number): SurfaceRow {
    const estimates: SurfaceRow['estimates'] = Object.fromEntries(
      this.#metrics.flatMap((metric) => {
        const interval = this.#surface.estimate(metric, index)
        return interval === undefined ? [] : [[metric, interval]]
      }),
    )
    return {
      index,
      configuration: this.#space.at(index),
      measured: this.#measured.has(index),
      ...(this.#surface.isHarvested(index) ? { harvested: true } : {}),
      feasible: this.#surface.feasible(index),
      estimates,
    }
  }

  /** What the strategy knows to be left, or what the goal needs by the present rate: the lesser. */
  /** How much further from its goal the tail is than the mean error; 1 where that leads. */
  #tailFactor(): number {
    const { accuracy, p95_error: wanted } = this.#sweep.goal
    if (wanted === undefined) return 1
    return this.#surface
      .accuracy()
      .map(({ accuracy: { value }, p95Error }) => {
        const [mean, tail] = [(1 - value) / (1 - accuracy), p95Error.value / wanted]
        return mean > 0 ? tail / mean : 1
      })
      .reduce((most, factor) => Math.max(most, factor), 1)
  }

  #remaining(known: PlanStatus['stop']): number | undefined {
    // Nobody knows how many measurements two contenders need until they can be told apart.
    if (known !== undefined) return undefined
    const left = this.#strategy.remainingCost?.()
    // A full grid and a list of points go on to their end.
    if (left !== undefined && !this.#isAudited()) return left
    const toGoal = remainingDeviceSeconds({
      spent: this.#spent,
      error: this.#surface.believedError() * this.#tailFactor(),
      target: (1 - this.#sweep.goal.accuracy) / peekingFactor,
      audits: this.#audits,
      auditsNeeded: auditsToStop,
      auditCost: this.#audits > 0 ? this.#auditSpent / this.#audits : this.#spent / this.#ended(),
      auditShare: this.#sweep.strategy.audit_share,
      rest: Math.max(0, this.#surface.fullGridCost().value - this.#spent),
    })
    if (left === undefined || toGoal === undefined) return toGoal ?? left
    return Math.min(left, toGoal)
  }

  #isAudited(): boolean {
    const { kind } = this.#sweep.strategy
    return kind !== 'full-grid' && kind !== 'custom'
  }

  #ended(): number {
    return Math.max(1, this.#measured.size + this.#infeasible.size)
  }
}

/**
 * Opens a sweep’s planner in this thread, which learns at once whatever is due when it is asked.
 *
 * @throws FmworkError as spanSpace, and SWEEP_INVALID for custom points outside the space.
 */
export const openLocalPlanner: OpenPlanner = (sweep, hardware, past = []) =>
  promised(() => new LocalPlanner(sweep, hardware, past, 'at once'))

/** The same, but it learns beside its answers: whoever calls it drives learnOn and adopt. */
export const openAsidePlanner: OpenPlanner = (sweep, hardware, past = []) =>
  promised(() => new LocalPlanner(sweep, hardware, past, 'aside'))
