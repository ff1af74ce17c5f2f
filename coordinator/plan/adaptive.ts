import { blockKey } from '../../shared/domain/configuration.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import { isLearnt } from '../model/learnt-surface.js'
import type { Acquisition } from '../model/learnt-surface.js'
import { SeededOrder } from '../model/universe.js'
import { AgentsAtWork } from './adaptive-agents.js'
import type { Explored } from './adaptive-agents.js'
import { AuditStream } from './adaptive-audits.js'
import { CeilingProbes } from './adaptive-ceiling.js'
import { HarvestChecks, harvestedOnly, isHarvested } from './adaptive-harvest.js'
import { LimitProbes } from './adaptive-limit.js'
import { RepeatBook } from './adaptive-repeats.js'
import { restartCost } from './adaptive-restart.js'
import { startDesign } from './adaptive-start.js'
import type { StartDesign } from './adaptive-start.js'
import type { Asker, Observation, Strategy, StrategyContext, Suggestion } from './strategy.js'
import { TrialBook } from './trial-book.js'

/** Least device-seconds that a gain is divided by. */
const leastCost = 0.05
/** Probability below which a configuration is believed not to run. */
const believable = 0.5
/** What a failed trial costs, as a part of a whole one. */
const failureCost = 0.5

/** Part of their share that audits get however far the goal is. */
const leastAuditPart = 0.25

/** Candidates that are looked at closely. */
const shortlistSize = 96

interface Scored {
  readonly row: number
  readonly score: number
  readonly price: number
  readonly purpose: TrialPurpose
}

/** What one ask has decided so far. */
interface Round {
  readonly asker: Asker
  readonly taken: Set<number>
  /** Engine that will be running when the next suggestion’s turn comes. */
  block: string | undefined
  acquisition: Acquisition | undefined
  explored: number
  audited: number
  /** Repeats and audits among what was decided. */
  repeats: number
  audits: number
}

/**
 * Measures where a device-second teaches most: variance taken away over the whole space per
 * predicted cost, given everything that other agents are measuring. A share of what is spent goes
 * to uniformly random audits.
 */
class Adaptive implements Strategy {
  readonly name = 'adaptive'
  readonly #context: StrategyContext
  readonly #audits: AuditStream
  readonly #checks: HarvestChecks
  readonly #fallback: SeededOrder
  readonly #book = new TrialBook()
  readonly #agents = new AgentsAtWork()
  readonly #repeats = new RepeatBook()
  #start: StartDesign | undefined
  #ceiling: CeilingProbes | undefined
  #limits: LimitProbes | undefined

  constructor(context: StrategyContext) {
    this.#context = context
    this.#audits = new AuditStream(context)
    this.#checks = new HarvestChecks(context)
    this.#fallback = new SeededOrder(context.space.size, context.seed + 1)
  }

  tell(observation: Observation): void {
    const { index, cost } = observation
    // Anchors say how levels differ; how noisy trials are is asked of the whole space.
    if (this.#context.anchors?.has(index) !== true) this.#repeats.tell(observation)
    this.#book.tell(observation)
    this.#agents.ended(index)
    this.#ceiling?.tell(index, cost)
  }

  tellPending(index: number, purpose: TrialPurpose): void {
    this.#book.tellPending(index, purpose)
  }

  remove(index: number): void {
    this.#book.remove(index)
    this.#agents.ended(index)
  }

  exhausted(): boolean {
    const { space, surface } = this.#context
    return this.#book.closedCount + harvestedOnly(surface) >= space.size
  }

  /** Device-seconds spent or under way, for audits or for everything else. */
  #spent(audits: boolean): number {
    const { surface } = this.#context
    return this.#book.spent(
      (purpose) => (purpose === 'audit') === audits,
      (index) => surface.cost(index),
    )
  }

  #isOpen(index: number, { asker, taken }: Round): boolean {
    const { surface, space } = this.#context
    return (
      this.#book.isFree(index) &&
      !taken.has(index) &&
      !isHarvested(surface, index) &&
      surface.feasible(index) >= believable &&
      asker.canRun(space.at(index))
    )
  }

  ask(asker: Asker, count: number): Suggestion[] {
    const { space, surface } = this.#context
    const round: Round = {
      asker,
      taken: new Set(),
      block: asker.runningBlock,
      acquisition: undefined,
      explored: this.#spent(false),
      audited: this.#spent(true),
      repeats: 0,
      audits: 0,
    }
    const suggestions: Suggestion[] = []
    while (suggestions.length < count) {
      const suggestion = this.#next(round)
      if (suggestion === undefined) break
      suggestions.push(suggestion)
      this.#agents.asked(suggestion.index, asker.agent)
      round.taken.add(suggestion.index)
      round.block = blockKey(space.at(suggestion.index))
      if (suggestion.purpose === 'repeat') round.repeats += 1
      if (suggestion.purpose === 'audit') {
        round.audits += 1
        round.audited += surface.cost(suggestion.index)
        if (round.acquisition !== undefined) this.#choose(round.acquisition, suggestion.index)
      } else round.explored += surface.cost(suggestion.index)
    }
    return suggestions
  }

  #next(round: Round): Suggestion | undefined {
    const { surface, space, seed } = this.#context
    this.#start ??= startDesign(space, surface, seed)
    const started = this.#book.closedCount + this.#book.pendingCount + round.taken.size
    const isOpen = (index: number): boolean => this.#isOpen(index, round)
    if (started < this.#start.size) {
      const index = this.#start.next(started, isOpen)
      if (index !== undefined) {
        return { index, purpose: 'explore', why: 'one of the first, spread over the cheaper half' }
      }
    }
    const audit = this.#audits.due(
      round.explored,
      round.audited,
      this.#auditPart(),
      (index) => this.#book.isClosed(index),
      isOpen,
      (index) => surface.cost(index),
    )
    if (audit !== undefined) {
      const check = this.#checks.due(
        this.#audited(round),
        [...this.#book.underWay, ...round.taken],
        (index) => !this.#book.isClosed(index) && this.#isRepeatable(index, round),
      )
      if (check !== undefined) return check
      return {
        index: audit,
        purpose: 'audit',
        why: 'uniformly random, to check what the surface claims',
      }
    }
    return (
      this.#repeat(round) ??
      this.#highDemand(round, isOpen) ??
      this.#nearLimit(round, isOpen) ??
      this.#mostTelling(round, isOpen) ??
      this.#startedOn(started, round, isOpen) ??
      this.#anyOpen(isOpen)
    )
  }

  /** Audits that ended, are under way or about to start. */
  #audited({ audits }: Round): number {
    const ended = this.#book.ended.filter(({ purpose }) => purpose === 'audit').length
    return ended + this.#book.underWayFor('audit') + audits
  }

  /**
   * More agents than first points, and none of them has come back: the design goes on. What is chosen
   * at random over the whole space costs several times as much.
   */
  #startedOn(
    started: number,
    round: Round,
    isOpen: (index: number) => boolean,
  ): Suggestion | undefined {
    if (round.acquisition !== undefined) return undefined
    const index = this.#start?.next(started, isOpen)
    return index === undefined
      ? undefined
      : { index, purpose: 'explore', why: 'spread over the cheaper half: nothing is known yet' }
  }

  /** A cheap look beyond the demand at which memory may end, while nobody knows where it does. */
  #highDemand(round: Round, isOpen: (index: number) => boolean): Suggestion | undefined {
    const { surface, space, seed, workload = { kind: 'closed-loop' } } = this.#context
    if (!isLearnt(surface)) return undefined
    if (this.#ceiling === undefined) {
      this.#ceiling = new CeilingProbes(space, seed, workload)
      for (const { index, cost } of this.#book.ended) this.#ceiling.tell(index, cost)
    }
    const index = this.#ceiling.due(
      this.#explored(round),
      [...this.#book.underWay, ...round.taken],
      isOpen,
      (each) => surface.isLimitKnown(each),
      (each) => surface.cost(each),
      () => surface.fullGridCost().value,
    )
    return index === undefined
      ? undefined
      : { index, purpose: 'explore', why: 'shows whether memory holds that much at once' }
  }

  /** Halves what is unknown of where memory ends, where that is cheap. */
  #nearLimit(round: Round, isOpen: (index: number) => boolean): Suggestion | undefined {
    const { surface, space, seed } = this.#context
    if (!isLearnt(surface)) return undefined
    this.#limits ??= new LimitProbes(space, seed)
    const index = this.#limits.due(
      this.#explored(round),
      surface.believedError(),
      (each) => this.#book.isClosed(each),
      (each) => this.#book.isPending(each) || round.taken.has(each),
      isOpen,
      (each) => surface.limitBetween(each),
      (each) => surface.cost(each),
    )
    return index === undefined
      ? undefined
      : { index, purpose: 'explore', why: 'shows more exactly where memory ends' }
  }

  /** What others explore meanwhile they do on a device each at least: what comes back late may begin early. */
  #explored({ asker, explored }: Round): Explored {
    const { space } = this.#context
    const others = this.#agents.beside(asker.agent, (index) => this.#book.isPending(index))
    return {
      now: explored,
      by: (index, price) => explored + (others * price) / space.at(index).tensorParallel,
    }
  }

  /** Only where measurements are noisy at all: a recorded grid repeats itself to the letter. */
  #repeat(round: Round): Suggestion | undefined {
    const { surface } = this.#context
    if (this.exhausted() || !isLearnt(surface) || !surface.repeatsWanted()) return undefined
    const index = this.#repeats.due(
      this.#book.ended.length + this.#book.pendingCount + round.taken.size,
      this.#book.underWayFor('repeat') + round.repeats,
      (candidate) => this.#isRepeatable(candidate, round),
    )
    if (index === undefined) return undefined
    return {
      index,
      purpose: 'repeat',
      why: 'measured long ago: how much does another time change',
    }
  }

  /**
   * Audits tell whether a claim holds, so they wait while the surface itself claims to be far from
   * the goal: a part, in 0…1, of their share.
   */
  #auditPart(): number {
    const { surface } = this.#context
    if (!isLearnt(surface)) return 1
    const claimed = surface.believedError()
    return Math.max(leastAuditPart, Math.min(1, (surface.tolerance / claimed) ** 2))
  }

  /** The greatest gain per device-second; ties go to the lower index. */
  #mostTelling(round: Round, isOpen: (index: number) => boolean): Suggestion | undefined {
    const { surface } = this.#context
    if (round.acquisition === undefined) {
      if (!isLearnt(surface)) return undefined
      round.acquisition = surface.acquisition()
      if (round.acquisition === undefined) return undefined
      for (const index of round.taken) this.#choose(round.acquisition, index)
    }
    const { acquisition } = round
    let best: Scored | undefined
    for (const { row, price, purpose } of this.#shortlist(acquisition, round, isOpen)) {
      const gain =
        purpose === 'repeat' ? acquisition.repeatGainAt(row) : acquisition.accuracyGainAt(row)
      const score = gain / price
      if (gain > 0 && (best === undefined || score > best.score)) {
        best = { row, score, price, purpose }
      }
    }
    if (best === undefined) return undefined
    const index = acquisition.pool[best.row] as number
    acquisition.choose(best.row)
    const deviation = Math.sqrt(acquisition.varianceAt(best.row))
    return {
      index,
      purpose: best.purpose,
      why:
        best.purpose === 'repeat'
          ? 'measured before, but its noise matters more than what is unknown elsewhere'
          : `teaches most per device-second (uncertain by ${(100 * deviation).toFixed(1)} % here after it)`,
    }
  }

  /** The rows that take most variance away per device-second, ascending, and those worth a repeat. */
  #shortlist(acquisition: Acquisition, round: Round, isOpen: (index: number) => boolean): Scored[] {
    const fresh: Scored[] = []
    const repeats: Scored[] = []
    const isOff = this.#isOff(round.asker.agent)
    for (let row = 0; row < acquisition.pool.length; row += 1) {
      const index = acquisition.pool[row] as number
      const repeated = this.#book.isClosed(index)
      const gain = repeated ? acquisition.repeatGainAt(row) : acquisition.gainAt(row)
      if (!(gain > 0)) continue
      if (repeated ? isOff || !this.#isRepeatable(index, round) : !isOpen(index)) continue
      const price = this.#price(index, round)
      const purpose = repeated ? 'repeat' : 'explore'
      ;(repeated ? repeats : fresh).push({ row, score: gain / price, price, purpose })
    }
    const top = (list: Scored[], count: number): Scored[] =>
      list.sort((a, b) => b.score - a.score || a.row - b.row).slice(0, count)
    return [...top(fresh, shortlistSize), ...top(repeats, 1)].sort((a, b) => a.row - b.row)
  }

  /** Its level changed: what it measures again says of its level, and little of the configuration. */
  #isOff(agent: string): boolean {
    const { surface } = this.#context
    if (!isLearnt(surface)) return false
    return surface.changes().some((change) => change.suspect === 'since' && change.agent === agent)
  }

  #choose(acquisition: Acquisition, index: number): void {
    const row = acquisition.pool.indexOf(index)
    if (row >= 0) acquisition.choose(row)
  }

  #isRepeatable(index: number, { asker, taken }: Round): boolean {
    const { surface, space } = this.#context
    return (
      !this.#book.isPending(index) &&
      !taken.has(index) &&
      surface.feasible(index) >= believable &&
      asker.canRun(space.at(index))
    )
  }

  /** Expected device-seconds, with the engine start and the chance to fail. */
  #price(index: number, round: Round): number {
    const { surface, space } = this.#context
    const chance = surface.feasible(index)
    const cost = surface.cost(index)
    const price = chance * cost + (1 - chance) * failureCost * cost
    let restart = 0
    if (round.block !== undefined) {
      const configuration = space.at(index)
      restart = blockKey(configuration) === round.block ? 0 : restartCost(configuration)
    }
    return Math.max(leastCost, price + restart) / Math.max(chance, 1e-3)
  }

  /** While nothing was learnt: an open configuration in a seeded random order. */
  #anyOpen(isOpen: (index: number) => boolean): Suggestion | undefined {
    const { size } = this.#context.space
    for (let place = 0; place < size; place += 1) {
      const index = this.#fallback.at(place)
      if (isOpen(index)) {
        return { index, purpose: 'explore', why: 'uniformly random: too little is known to choose' }
      }
    }
    return undefined
  }
}

export function createAdaptive(context: StrategyContext): Strategy {
  return new Adaptive(context)
}
