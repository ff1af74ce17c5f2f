/** Device-seconds of all that is no audit. */
export interface Explored {
  /** What is under way included. */
  readonly now: number
  /** By the end of a trial of this price that begins now: other agents go on meanwhile. */
  readonly by: (index: number, price: number) => number
}

/** For whom something was suggested that has not ended. */
export class AgentsAtWork {
  readonly #agentOf = new Map<number, string>()

  asked(index: number, agent: string): void {
    this.#agentOf.set(index, agent)
  }

  /** It was told of, or lost. */
  ended(index: number): void {
    this.#agentOf.delete(index)
  }

  /** How many others have something under way. @param isUnderWay what was suggested may never have begun. */
  beside(agent: string, isUnderWay: (index: number) => boolean): number {
    const others = [...this.#agentOf].flatMap(([index, other]) =>
      other !== agent && isUnderWay(index) ? [other] : [],
    )
    return new Set(others).size
  }
}
