import type { TrialPurpose } from '../../shared/domain/trial.js'
import { AuditStream } from './adaptive-audits.js'
import type { Asker, Observation, Strategy, StrategyContext, Suggestion } from './strategy.js'
import { TrialBook } from './trial-book.js'

/** Probability below which a configuration is not worth an audit: it says nothing of accuracy. */
const believable = 0.5

/**
 * Spends a share of the cost on uniformly random configurations, so that any strategy’s accuracy can
 * be claimed. What an audit measured, the strategy need not.
 */
class WithAudits implements Strategy {
  readonly name: string
  readonly #inner: Strategy
  readonly #context: StrategyContext
  readonly #audits: AuditStream
  readonly #book = new TrialBook()

  constructor(inner: Strategy, context: StrategyContext) {
    this.name = inner.name
    this.#inner = inner
    this.#context = context
    this.#audits = new AuditStream(context)
  }

  tell(observation: Observation): void {
    this.#book.tell(observation)
    this.#inner.tell(observation)
  }

  tellPending(index: number, purpose: TrialPurpose): void {
    this.#book.tellPending(index, purpose)
    this.#inner.tellPending(index, purpose)
  }

  remove(index: number): void {
    this.#book.remove(index)
    this.#inner.remove(index)
  }

  ask(asker: Asker, count: number): Suggestion[] {
    const { surface } = this.#context
    const proposed = this.#inner.ask(asker, count)
    const suggestions: Suggestion[] = []
    const taken = new Set<number>()
    let { explored, audited } = this.#spent()
    while (suggestions.length < count) {
      const audit = this.#due(explored, audited, taken, asker)
      if (audit !== undefined) {
        taken.add(audit)
        audited += surface.cost(audit)
        suggestions.push({
          index: audit,
          purpose: 'audit',
          why: 'uniformly random, to check what the surface claims',
        })
        continue
      }
      const next = proposed.shift()
      if (next === undefined) break
      // An audit has taken it: chance decided first.
      if (taken.has(next.index)) continue
      taken.add(next.index)
      explored += surface.cost(next.index)
      suggestions.push(next)
    }
    return suggestions
  }

  exhausted(): boolean {
    if (!this.#inner.exhausted() || this.#book.pendingCount > 0) return false
    const { explored, audited } = this.#spent()
    return this.#due(explored, audited, new Set()) === undefined
  }

  remainingCost(): number {
    const { auditShare } = this.#context
    const { explored, audited } = this.#spent()
    const inner = this.#inner.remainingCost?.() ?? 0
    const auditsInAll = ((explored + inner) * auditShare) / (1 - auditShare)
    return inner + Math.max(0, auditsInAll - audited)
  }

  #spent(): { explored: number; audited: number } {
    const predict = (index: number) => this.#context.surface.cost(index)
    return {
      explored: this.#book.spent((purpose) => purpose !== 'audit', predict),
      audited: this.#book.spent((purpose) => purpose === 'audit', predict),
    }
  }

  #due(
    explored: number,
    audited: number,
    taken: ReadonlySet<number>,
    asker?: Asker,
  ): number | undefined {
    const { surface, space } = this.#context
    return this.#audits.due(
      explored,
      audited,
      1,
      (index) => this.#book.isClosed(index),
      (index) =>
        this.#book.isFree(index) &&
        !taken.has(index) &&
        surface.feasible(index) >= believable &&
        (asker?.canRun(space.at(index)) ?? true),
      (index) => surface.cost(index),
    )
  }
}

/** The strategy itself where no share is wanted. */
export function withAudits(
  create: (context: StrategyContext) => Strategy,
): (context: StrategyContext) => Strategy {
  return (context) =>
    context.auditShare > 0 ? new WithAudits(create(context), context) : create(context)
}
