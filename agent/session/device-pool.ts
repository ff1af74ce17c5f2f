import { FmworkError } from '../../shared/domain/errors.js'

/** An agent’s devices: each is in one block’s set at most. */
export class DevicePool {
  readonly #free: string[]
  readonly size: number

  /** @param ids UUIDs, or names where the host cannot tell its devices apart. */
  constructor(ids: readonly string[]) {
    this.#free = [...ids]
    this.size = ids.length
  }

  get free(): number {
    return this.#free.length
  }

  /** @throws FmworkError INTERNAL when there are not as many. */
  take(count: number): readonly string[] {
    if (count > this.#free.length) {
      throw new FmworkError('INTERNAL', `${count} devices wanted, ${this.#free.length} are free`)
    }
    return this.#free.splice(0, count)
  }

  giveBack(devices: readonly string[]): void {
    this.#free.push(...devices)
    this.#free.sort()
  }
}

/**
 * A device’s id for each that the agent claims: of those found as many as it claims, or numbers where
 * it claims more than there are.
 */
export function claimedDevices(found: readonly string[], claimed: number | undefined): string[] {
  if (claimed === undefined || claimed <= found.length) return found.slice(0, claimed)
  return Array.from({ length: claimed }, (_, index) => `device-${index}`)
}
