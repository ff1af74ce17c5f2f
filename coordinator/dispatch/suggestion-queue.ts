import type { Configuration } from '../../shared/domain/configuration.js'
import { createRandom } from '../../shared/stats/random.js'
import type { Suggestion } from '../plan/strategy.js'
import type { PlannerLedger } from './planner-ledger.js'
import type { DispatchTools } from './sweep-run.js'

/** To be done once the transaction is over. */
export type Effect = () => void

/** The seed of one attempt at a configuration: never two of a sweep alike, the same in every life. */
export function trialSeed(
  sweepSeed: number,
  index: number,
  purpose: string,
  attempt: number,
): number {
  return createRandom(sweepSeed)
    .fork(`trial/${index}/${purpose}/${attempt}`)
    .below(2 ** 31)
}

/** Where a suggestion belongs; undefined where none is wanted any more. */
export interface Wanted {
  readonly seed: number
  readonly at: (index: number) => Configuration
}

/** What one sweep’s strategy suggested and nobody measures yet. */
export class SuggestionQueue {
  readonly #tools: Pick<DispatchTools, 'store' | 'clock' | 'log'>
  readonly #sweepId: string
  readonly #note: PlannerLedger['note']
  readonly #abandoned: Set<number>

  constructor(
    tools: Pick<DispatchTools, 'store' | 'clock' | 'log'>,
    sweepId: string,
    note: PlannerLedger['note'],
  ) {
    this.#tools = tools
    this.#sweepId = sweepId
    this.#note = note
    this.#abandoned = new Set(tools.store.abandonedIndices(sweepId))
  }

  /** Its attempts are spent. It stays pending in the strategy, which then asks for it no more. */
  abandon(index: number): void {
    this.#abandoned.add(index)
  }

  /** Inside a transaction. */
  add({ index, purpose, why }: Suggestion, wanted: Wanted | undefined): Effect[] {
    const { store, clock, log } = this.#tools
    if (wanted === undefined) return [this.#note({ kind: 'remove', index })]
    if (this.#abandoned.has(index)) return []
    const sweepId = this.#sweepId
    const queued = store.queueTrial({
      ...{ sweepId, index, purpose, why },
      configuration: wanted.at(index),
      seed: trialSeed(wanted.seed, index, purpose, 1),
      queuedAt: clock.wall(),
    })
    if (queued === undefined) {
      log.error({ sweepId, index, purpose }, 'the strategy repeats itself: not queued')
    }
    return []
  }

  /** What waits is not wanted any more. */
  drop(reason: string): void {
    for (const effect of this.#tools.store.atomically(() => this.noteDropped(reason))) effect()
  }

  /** The same inside a transaction. */
  noteDropped(reason: string): Effect[] {
    const { store, clock } = this.#tools
    const which = { verify: false, inFlight: false }
    return store
      .dropTrials(this.#sweepId, which, reason, clock.wall())
      .map(({ index }) => this.#note({ kind: 'remove', index }))
  }
}
