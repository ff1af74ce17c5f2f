import type { Observation } from './strategy.js'

/** One trial in so many repeats an old configuration, until the noise between trials is known. */
const trialsPerRepeat = 8
/** Audits from which on they alone are repeated. */
const enoughAudits = 3
/** Repeats after which the noise between trials is known well enough. */
export const enoughRepeats = 12

/**
 * Configurations to measure again: a trial’s own repetitions say nothing of what another hour, a
 * restart or a neighbour does to all of them, and a claim must. Audits are repeated, as soon as there
 * are some: noise differs from one corner of the space to another, exploration dwells in the cheap
 * ones, and the claim is about all. The oldest of the cheaper half come first, since the longest time
 * apart shows most.
 */
export class RepeatBook {
  readonly #first = new Map<number, Measured>()
  readonly #repeated = new Map<number, number>()

  tell({ index, outcome, at, cost, purpose }: Observation): void {
    if (purpose === 'repeat') {
      this.#repeated.set(index, (this.#repeated.get(index) ?? 0) + 1)
    }
    if (outcome === 'infeasible') this.#first.delete(index)
    else {
      const known = this.#first.get(index)
      const audit = purpose === 'audit' || known?.audit === true
      // The order of tells leaves no trace.
      const first = known === undefined || at < known.at ? { at, cost } : known
      this.#first.set(index, { at: first.at, cost: first.cost, audit })
    }
  }

  /**
   * @param started trials that ended, are under way or are about to start.
   * @param underWay repeats that are under way or about to start.
   * @returns undefined while none is due.
   */
  due(
    started: number,
    underWay: number,
    isRepeatable: (index: number) => boolean,
  ): number | undefined {
    const repeats = [...this.#repeated.values()].reduce((sum, count) => sum + count, underWay)
    if (repeats >= Math.min(enoughRepeats, Math.floor(started / trialsPerRepeat))) return undefined
    const audits = [...this.#first].filter(([, { audit }]) => audit)
    const candidates = audits.length < enoughAudits ? [...this.#first] : audits
    const costs = candidates.map(([, { cost }]) => cost).sort((a, b) => a - b)
    const middle = costs[costs.length >> 1] ?? Infinity
    let oldest: Repeated | undefined
    for (const [index, { at, cost }] of candidates) {
      if (cost > middle || !isRepeatable(index)) continue
      const one = { index, at, repeats: this.#repeated.get(index) ?? 0 }
      if (oldest === undefined || comesBefore(one, oldest)) oldest = one
    }
    return oldest?.index
  }
}

/** When a configuration was first measured, and what that cost in device-seconds. */
interface Measured {
  readonly at: number
  readonly cost: number
  readonly audit: boolean
}

interface Repeated {
  readonly index: number
  readonly at: number
  readonly repeats: number
}

const comesBefore = (a: Repeated, b: Repeated): boolean =>
  a.repeats !== b.repeats ? a.repeats < b.repeats : a.at !== b.at ? a.at < b.at : a.index < b.index
