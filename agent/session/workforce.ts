import type { HeldLease } from '../../shared/domain/lease.js'
import type { VitalSigns } from './vital-signs.js'
import { WorkLoop } from './work-loop.js'
import type { WorkOptions } from './work-loop.js'

export interface WorkforceOptions extends Omit<WorkOptions, 'signs'> {
  readonly signs: VitalSigns
}

/** An agent’s loops, one per device: as many blocks at once as its devices allow. */
export class Workforce {
  readonly #options: WorkforceOptions
  readonly #loops: readonly WorkLoop[]

  constructor(devices: number, options: WorkforceOptions) {
    this.#options = options
    this.#loops = Array.from(
      { length: devices },
      () => new WorkLoop({ ...options, signs: options.signs.block() }),
    )
  }

  /** The leases to name in a hello. */
  get held(): readonly HeldLease[] {
    return this.#loops.flatMap((loop) => loop.held)
  }

  welcomed(): void {
    for (const loop of this.#loops) loop.welcomed()
  }

  wake(): void {
    for (const loop of this.#loops) loop.wake()
  }

  revoke(leaseId: string, reason: string): void {
    for (const loop of this.#loops) loop.revoke(leaseId, reason)
  }

  drain(reason: string): void {
    this.#options.log.info({ reason }, 'draining')
    for (const loop of this.#loops) loop.drain()
  }

  refused(trialIds: readonly string[]): void {
    this.#options.log.warn({ trials: trialIds }, 'results refused: their lease is stale')
    for (const loop of this.#loops) loop.refused(trialIds)
  }

  /** Runs until `stop`; no engine is left when it resolves. Never rejects. */
  async run(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.run()))
  }

  /** Takes no more work; running trials may go on for `graceSeconds`, then they are cut. */
  stop(graceSeconds: number): void {
    for (const loop of this.#loops) loop.stop(graceSeconds)
  }

  /** Gives the leases back once their results are stored. */
  async handBack(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.handBack(signal)))
  }
}
