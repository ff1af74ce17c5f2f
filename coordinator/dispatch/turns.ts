/** A sweep that wants agents, as far as turns are concerned. */
export interface Contender {
  readonly sweepId: string
  /** Weight: twice the priority gets twice the devices. */
  readonly priority: number
  readonly createdAt: number
}

/**
 * Whose turn it is. Sweeps share the devices in proportion to their priorities: at any moment by what
 * their leases take now, and where that is equal by what they have had so far. One that comes later
 * owes nothing and is owed nothing: it starts where the least served one stands.
 */
export class Turns {
  /** Device-seconds that a sweep’s leases took, divided by its priority. */
  readonly #had = new Map<string, number>()

  /** Time passed while these sweeps wanted agents and their leases took these devices. */
  age(
    contenders: readonly Contender[],
    devices: ReadonlyMap<string, number>,
    seconds: number,
  ): void {
    const present = new Set(contenders.map(({ sweepId }) => sweepId))
    for (const sweepId of this.#had.keys()) if (!present.has(sweepId)) this.#had.delete(sweepId)
    const least = Math.min(...this.#had.values())
    for (const { sweepId, priority } of contenders) {
      const had = this.#had.get(sweepId) ?? (Number.isFinite(least) ? least : 0)
      this.#had.set(sweepId, had + ((devices.get(sweepId) ?? 0) * seconds) / priority)
    }
  }

  /** Those first that are owed most. */
  order<T extends Contender>(contenders: readonly T[], devices: ReadonlyMap<string, number>): T[] {
    const share = ({ sweepId, priority }: T) => (devices.get(sweepId) ?? 0) / priority
    const had = ({ sweepId }: T) => this.#had.get(sweepId) ?? 0
    return [...contenders].sort(
      (a, b) => share(a) - share(b) || had(a) - had(b) || a.createdAt - b.createdAt,
    )
  }

  /** Would devices of `from` serve `to` with more right: it has none, and `from` has more or had more. */
  owes(
    from: Contender,
    to: Contender,
    devices: ReadonlyMap<string, number>,
    freed: number,
  ): boolean {
    if ((devices.get(to.sweepId) ?? 0) > 0) return false
    const left = (devices.get(from.sweepId) ?? 0) - freed
    if (left > 0) return true
    return (this.#had.get(to.sweepId) ?? 0) < (this.#had.get(from.sweepId) ?? 0)
  }
}
