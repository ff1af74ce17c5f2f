import type { EngineFacts } from '../../shared/domain/environment.js'
import type {
  Interval,
  LevelChange,
  MetricAccuracy,
  NodeLevel,
} from '../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Space } from '../../shared/domain/space.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import type { Observation } from '../plan/strategy.js'
import { ModelSurface } from './create-surface.js'
import type { LimitBand } from './encoding.js'
import type { Acquisition, HarvestKnowledge, LearntSurface } from './learnt-surface.js'
import type { PastUse } from './past-model.js'
import { exhaust } from './steps.js'
import type { Steps } from './steps.js'
import type { AccuracyGoal, StopVerdict } from './stop-rule.js'
import type { SurfaceOptions } from './surface.js'

/** Of what is learnt aside: nothing is, it goes on, or it can be adopted without delay. */
export type Learning = 'idle' | 'under way' | 'ready'

type Told = (surface: ModelSurface) => void

/**
 * Of what a copy missed, so much is folded in at a time: doing it costs as much for one as for many.
 * By their place in its list, so that it does not matter when.
 */
const foldedTogether = 32

/** A copy that learns, and what it was not told yet. */
interface Learner {
  readonly surface: ModelSurface
  readonly steps: Steps
  readonly missed: Told[]
  heard: number
  learnt: boolean
}

/**
 * A surface that answers without ever learning anew: a copy of it learns in steps, is then told what
 * it missed, and takes its place when it is adopted. What it says is a function of the order of
 * tells, questions and adoptions alone, however the steps fell in between. Before its first learning
 * it knows nothing, so whoever asks waits for that one.
 */
export class AsideSurface implements LearntSurface {
  readonly space: Space
  readonly universe: Uint32Array
  readonly tolerance: number
  #present: ModelSurface
  #learner: Learner | undefined
  #hasLearnt = false
  /** What engines said that changes how times depend on a configuration: for the next copy. */
  readonly #engines: Told[] = []
  readonly #engineFacts = new Map<string, string>()

  constructor(options: SurfaceOptions) {
    // Only copies leave learning to others.
    this.#present = ModelSurface.of(options).copy()
    this.space = this.#present.space
    this.universe = this.#present.universe
    this.tolerance = this.#present.tolerance
    // What past sweeps measured can be learnt from before anything is told.
    this.#begin()
  }

  /** Learns one step on. */
  learnOn(): Learning {
    const learner = this.#learner
    if (learner === undefined) return 'idle'
    if (!learner.learnt) {
      learner.learnt = learner.steps.next().done === true
      return 'under way'
    }
    const told = learner.missed[learner.heard]
    if (told === undefined) return 'ready'
    learner.heard += 1
    told(learner.surface)
    if (learner.heard % foldedTogether === 0) learner.surface.append()
    return 'under way'
  }

  /** What was learnt aside takes effect; what is not ready yet is waited for. */
  adopt(): void {
    const learner = this.#learner
    if (learner === undefined) return
    exhaust(learner.steps)
    learner.learnt = true
    while (this.learnOn() === 'under way');
    this.#present = learner.surface
    this.#hasLearnt = true
    this.#learner = undefined
    this.#begin()
  }

  tell(observation: Observation): void {
    this.#pass((surface) => {
      surface.tell(observation)
    })
  }

  tellPending(index: number, purpose: TrialPurpose): void {
    this.#pass((surface) => {
      surface.tellPending(index, purpose)
    })
  }

  remove(index: number): void {
    this.#pass((surface) => {
      surface.remove(index)
    })
  }

  tellEngine(blockKey: string, facts: EngineFacts): void {
    const text = JSON.stringify(facts)
    if (this.#engineFacts.get(blockKey) === text) return
    this.#engineFacts.set(blockKey, text)
    this.#pass((surface) => {
      surface.tellLimits(blockKey, facts)
    })
    this.#engines.push((surface) => {
      surface.tellEngine(blockKey, facts)
    })
    this.#begin()
  }

  #pass(told: Told): void {
    told(this.#present)
    this.#learner?.missed.push(told)
    this.#begin()
  }

  /** A function of what was told and adopted alone. */
  #begin(): void {
    if (this.#learner !== undefined) return
    const isDue = this.#present.isDue || (this.#hasLearnt && this.#engines.length > 0)
    if (!isDue) return
    const surface = this.#present.copy()
    for (const told of this.#engines.splice(0)) told(surface)
    this.#learner = { surface, steps: surface.learn(), missed: [], heard: 0, learnt: false }
  }

  #answering(): ModelSurface {
    if (!this.#hasLearnt) this.adopt()
    return this.#present
  }

  estimate(metric: MetricName, index: number): Interval | undefined {
    return this.#answering().estimate(metric, index)
  }

  feasible(index: number): number {
    return this.#present.feasible(index)
  }

  cost(index: number): number {
    return this.#present.cost(index)
  }

  accuracy(): readonly MetricAccuracy[] {
    return this.#answering().accuracy()
  }

  fullGridCost(): Interval {
    return this.#answering().fullGridCost()
  }

  acquisition(): Acquisition | undefined {
    return this.#answering().acquisition()
  }

  believedError(): number {
    return this.#answering().believedError()
  }

  repeatsWanted(): boolean {
    return this.#answering().repeatsWanted()
  }

  isLimitKnown(index: number): boolean {
    return this.#answering().isLimitKnown(index)
  }

  limitBetween(index: number): LimitBand | undefined {
    return this.#answering().limitBetween(index)
  }

  auditCount(): number {
    return this.#present.auditCount()
  }

  verdict(goal: AccuracyGoal): StopVerdict | undefined {
    return this.#answering().verdict(goal)
  }

  isHarvested(index: number): boolean {
    return this.#present.isHarvested(index)
  }

  harvest(): HarvestKnowledge {
    return this.#present.harvest()
  }

  pastUse(): readonly PastUse[] {
    return this.#present.pastUse()
  }

  nodes(): readonly NodeLevel[] {
    return this.#answering().nodes()
  }

  changes(): readonly LevelChange[] {
    return this.#present.changes()
  }

  coordinates(indices: ArrayLike<number>): { readonly axes: number; readonly x: Float64Array } {
    return this.#present.coordinates(indices)
  }
}
