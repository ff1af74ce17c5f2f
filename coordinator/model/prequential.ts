/** How far off forecasts of one configuration were, in log units. */
interface Judged {
  readonly turn: number
  readonly informed: number
  readonly alone: number
}

interface Forecast {
  readonly turn: number
  readonly informed: number
  /** Undefined while nothing was measured to learn from. */
  readonly alone: number | undefined
}

/** What forecasts say of two models. Mean relative errors of the latest ones. */
export interface Comparison {
  /** Forecasts that both made, and that came true or not. */
  readonly count: number
  readonly informed: number
  readonly alone: number
}

/** Of all forecasts the latest part counts, so that early luck does not last; never fewer, never more than these. */
const latestPart = 0.5
const fewestLatest = 6
const mostLatest = 40
/** Log error that one forecast counts for at most, a factor of three: no single one decides. */
const worst = Math.log(3)

/**
 * Two models that foretell every measurement before it is made: a fair contest, since neither has
 * seen what it is judged by. What it says does not depend on the order of results.
 */
export class Prequential {
  readonly #open = new Map<number, Forecast>()
  readonly #judged = new Map<number, Judged>()
  #turns = 0

  copy(): Prequential {
    const copy = new Prequential()
    for (const [index, forecast] of this.#open) copy.#open.set(index, forecast)
    for (const [index, judged] of this.#judged) copy.#judged.set(index, judged)
    copy.#turns = this.#turns
    return copy
  }

  isOpen(index: number): boolean {
    return this.#open.has(index)
  }

  note(index: number, informed: number, alone: number | undefined): void {
    this.#turns += 1
    this.#open.set(index, { turn: this.#turns, informed, alone })
  }

  forget(index: number): void {
    this.#open.delete(index)
  }

  judge(index: number, log: number): void {
    const forecast = this.#open.get(index)
    this.#open.delete(index)
    if (forecast?.alone === undefined || this.#judged.has(index)) return
    const { turn, informed, alone } = forecast
    this.#judged.set(index, { turn, informed: log - informed, alone: log - alone })
  }

  comparison(): Comparison {
    const all = [...this.#judged.values()].sort((a, b) => a.turn - b.turn)
    const wanted = Math.max(fewestLatest, Math.ceil(all.length * latestPart))
    const latest = all.slice(-Math.min(wanted, mostLatest))
    const mean = (errorOf: (judged: Judged) => number): number =>
      latest.reduce((sum, each) => sum + Math.min(worst, Math.abs(errorOf(each))), 0) /
      Math.max(1, latest.length)
    return {
      count: all.length,
      informed: Math.expm1(mean(({ informed }) => informed)),
      alone: Math.expm1(mean(({ alone }) => alone)),
    }
  }
}
