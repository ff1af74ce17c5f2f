import type { Beside, Grant, HeldLease, NoWork } from '../../shared/domain/lease.js'
import type { AgentSession } from '../../shared/rpc/agent-link.js'
import type { DevicePool } from './device-pool.js'

/** One block’s place in an agent: what it holds, if anything. */
export interface Holder {
  readonly held: readonly HeldLease[]
  /** Processes of its engine. */
  readonly processIds: readonly number[]
}

/**
 * Through here the blocks of an agent ask the coordinator, one question at a time: so every question
 * names what the others hold at that moment, and no two take the same devices.
 */
export class WorkGate {
  readonly #devices: DevicePool
  readonly #holders: Holder[] = []
  #last: Promise<unknown> = Promise.resolve()
  #lastRenewal: Promise<unknown> = Promise.resolve()

  constructor(devices: DevicePool) {
    this.#devices = devices
  }

  join(holder: Holder): void {
    this.#holders.push(holder)
  }

  enginesBeside(holder: Holder): number[] {
    return this.#holders.filter((one) => one !== holder).flatMap((one) => one.processIds)
  }

  /**
   * Asks for more trials of the lease held, or for a lease. Undefined when there is no device for one.
   * `accept` runs before anyone else may ask.
   */
  ask(
    session: AgentSession,
    asker: Holder,
    capacity: number,
    accept: (answer: Grant | NoWork) => void,
  ): Promise<Grant | NoWork | undefined> {
    return this.#inTurn(async () => {
      const [held] = asker.held
      const freeDevices = this.#devices.free
      if (held === undefined && freeDevices === 0) return undefined
      const leases = this.#holders.filter((one) => one !== asker).flatMap((one) => one.held)
      const beside: Beside = { leases, freeDevices }
      const answer = await session.requestWork(held, capacity, beside)
      accept(answer)
      return answer
    })
  }

  /** The leases, of those named, that live on. */
  renew(session: AgentSession, leases: readonly HeldLease[]): Promise<readonly string[]> {
    return this.#renewing(() => session.renew(leases))
  }

  #inTurn<T>(question: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(question, question)
    this.#last = mine.catch(() => undefined)
    return mine
  }

  /** Apart from questions for work, which may take a while. */
  #renewing<T>(question: () => Promise<T>): Promise<T> {
    const mine = this.#lastRenewal.then(question, question)
    this.#lastRenewal = mine.catch(() => undefined)
    return mine
  }
}
