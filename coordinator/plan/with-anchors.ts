import { blockKey } from '../../shared/domain/configuration.js'
import type { LevelChange } from '../../shared/domain/meta-metrics.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import { isLearnt } from '../model/learnt-surface.js'
import { restartCost } from './adaptive-restart.js'
import { anchorPoints } from './anchor-points.js'
import type { Asker, Observation, Strategy, StrategyContext, Suggestion } from './strategy.js'
import { TrialBook } from './trial-book.js'

/** Seconds after which an agent measures an anchor again: each hour two, half an hour apart. */
const everySeconds = 1800
/** Anchors that an agent measures at once after its level changed, so that its new one is known. */
const afterChange = 3
/** Probability below which an anchor is believed not to run. */
const believable = 0.5

const isLongAgo = (since: number, at: number): boolean => at - since >= 1000 * everySeconds

/** What one agent measured of the anchors. */
interface Visits {
  readonly times: Map<number, number>
  /** Starts of its measurements, epoch milliseconds. */
  readonly starts: number[]
}

/**
 * Puts anchors between a strategy’s own choices: every agent measures a few configurations, always the
 * same, when it begins and twice an hour, within a share of the cost. They show how agents differ, and
 * when one changes. What comes before and after an anchor is what the strategy chose anyway, somewhere
 * else in the space, so an hour’s level does not look like a region’s.
 */
class WithAnchors implements Strategy {
  readonly name: string
  readonly #inner: Strategy
  readonly #context: StrategyContext
  readonly #share: number
  readonly #anchors: ReadonlySet<number>
  readonly #book = new TrialBook()
  readonly #visits = new Map<string, Visits>()
  /** For whom an anchor was suggested that has not ended, and when. */
  readonly #asked = new Map<number, { readonly agent: string; readonly at: number }>()
  /** When an agent asked last whose anchor was due, and could not be paid or was another’s turn. */
  readonly #waiting = new Map<string, number>()
  #spentOnAnchors = 0

  constructor(
    inner: Strategy,
    context: StrategyContext,
    anchors: ReadonlySet<number>,
    share: number,
  ) {
    this.name = inner.name
    this.#inner = inner
    this.#context = context
    this.#anchors = anchors
    this.#share = share
  }

  tell(observation: Observation): void {
    const { index, agent, at, outcome, cost } = observation
    this.#book.tell(observation)
    this.#inner.tell(observation)
    this.#asked.delete(index)
    if (!this.#anchors.has(index)) return
    this.#spentOnAnchors += cost
    if (outcome === 'infeasible') return
    const visits = this.#visits.get(agent) ?? { times: new Map<number, number>(), starts: [] }
    visits.times.set(index, (visits.times.get(index) ?? 0) + 1)
    visits.starts.push(at)
    this.#visits.set(agent, visits)
  }

  tellPending(index: number, purpose: TrialPurpose): void {
    this.#book.tellPending(index, purpose)
    this.#inner.tellPending(index, purpose)
  }

  remove(index: number): void {
    this.#book.remove(index)
    this.#inner.remove(index)
    this.#asked.delete(index)
  }

  ask(asker: Asker, count: number): Suggestion[] {
    const anchor = count > 0 ? this.#due(asker) : undefined
    if (anchor === undefined) return this.#inner.ask(asker, count)
    this.#asked.set(anchor.index, { agent: asker.agent, at: asker.at ?? 0 })
    if (count === 1) return [anchor]
    const rest = this.#inner.ask(asker, count).filter(({ index }) => index !== anchor.index)
    return [anchor, ...rest].slice(0, count)
  }

  exhausted(): boolean {
    return this.#inner.exhausted()
  }

  remainingCost(): number | undefined {
    return this.#inner.remainingCost?.()
  }

  #due(asker: Asker): Suggestion | undefined {
    const { agent, at } = asker
    if (at === undefined || this.#inner.exhausted()) return undefined
    const isAsked = [...this.#asked.values()].some(
      (asked) => asked.agent === agent && !isLongAgo(asked.at, at),
    )
    if (isAsked) return undefined
    const why = this.#reason(agent, at)
    if (why === undefined) return undefined
    const runnable = this.#runnable(asker)
    if (runnable.length === 0) return undefined
    const next = this.#affordable(runnable)
    if (next === undefined || !this.#isTurn(agent, at)) {
      this.#waiting.set(agent, at)
      return undefined
    }
    this.#waiting.delete(agent)
    return { index: next, purpose: this.#book.isClosed(next) ? 'repeat' : 'explore', why }
  }

  /** Why the agent should measure an anchor now; undefined when it need not. */
  #reason(agent: string, at: number): string | undefined {
    const starts = this.#visits.get(agent)?.starts ?? []
    const isNew = (change: LevelChange): boolean =>
      (change.agent === undefined || change.agent === agent) &&
      starts.filter((start) => start >= change.by).length < afterChange
    const { surface } = this.#context
    if (isLearnt(surface) && surface.changes().some(isNew)) {
      return 'an anchor: the agent’s level changed, how far is it off now'
    }
    if (!isLongAgo(this.#last(agent), at)) return undefined
    return starts.length === 0
      ? 'an anchor: how does this agent stand beside others and its own later hours'
      : 'an anchor: measured again every half hour, does the agent still stand where it did'
  }

  /** Start of its last anchor. */
  #last(agent: string): number {
    const starts = this.#visits.get(agent)?.starts ?? []
    return starts.reduce((latest, start) => Math.max(latest, start), -Infinity)
  }

  /** No other that could not have its own has waited for longer: what the share can pay goes round. */
  #isTurn(agent: string, at: number): boolean {
    const own = this.#last(agent)
    return [...this.#waiting].every(
      ([other, since]) => other === agent || isLongAgo(since, at) || this.#last(other) >= own,
    )
  }

  /** Anchors that the agent can measure, those first that it did least often. */
  #runnable(asker: Asker): { readonly index: number; readonly price: number }[] {
    const { space, surface } = this.#context
    const times = this.#visits.get(asker.agent)?.times
    return [...this.#anchors]
      .flatMap((index) => {
        const configuration = space.at(index)
        if (this.#book.isPending(index) || !asker.canRun(configuration)) return []
        if (surface.feasible(index) < believable) return []
        const isRunning = blockKey(configuration) === asker.runningBlock
        const price = surface.cost(index) + (isRunning ? 0 : restartCost(configuration))
        return [{ index, times: times?.get(index) ?? 0, price }]
      })
      .sort((a, b) => a.times - b.times || a.price - b.price || a.index - b.index)
  }

  /** The first that the share can pay. */
  #affordable(candidates: readonly { readonly index: number; readonly price: number }[]) {
    const { surface } = this.#context
    const all = this.#book.spent(
      () => true,
      (index) => surface.cost(index),
    )
    return candidates.find(({ price }) => {
      // Half of its own cost: it comes as much too early as the next one will be too late.
      const half = price / 2
      return this.#spentOnAnchors + half <= this.#share * (all + half)
    })?.index
  }
}

/** The strategy itself where no share is wanted. */
export function withAnchors(
  create: (context: StrategyContext) => Strategy,
): (context: StrategyContext) => Strategy {
  return (context) => {
    const { anchorShare = 0 } = context
    if (anchorShare === 0) return create(context)
    const { space, surface, seed } = context
    const anchors = new Set(anchorPoints(space, surface, seed))
    return new WithAnchors(create({ ...context, anchors }), context, anchors, anchorShare)
  }
}
