import { errorTable } from '../../shared/domain/error-table.js'

/** A configuration is tried this often before it is abandoned. */
export const maxAttempts = 3

/** What the code of a trial says when its measurement was refused for its doubts. */
export const invalidCode = 'INVALID'

/** Failures in a row, with nothing ever measured, after which a sweep is told to be at fault. */
const hopelessAtStart = 3
/** Failures in a row after which something broke that retrying does not mend. */
const hopelessLater = 20
/** Refused measurements in a row after which the host is too noisy to go on. */
const hopelessNoise = 30

/** Milliseconds to rest before the attempt after `attempt`: what broke may need time to mend. */
export function backoffMs(attempt: number): number {
  return 1000 * 4 ** (attempt - 1)
}

/** Does time alone not mend a failure with this code. */
export function isPermanent(code: string): boolean {
  if (!(code in errorTable)) return false
  return errorTable[code as keyof typeof errorTable].retry === 'never'
}

/** Trials in a row that came to nothing. */
export class FailureStreak {
  #failures = 0
  #invalid = 0

  success(): void {
    this.#failures = 0
    this.#invalid = 0
  }

  /** @returns why the sweep should not go on, or undefined. */
  failure(
    failure: { readonly code: string; readonly reason: string },
    known: { readonly anyResult: boolean; readonly elsewhere: boolean },
  ): string | undefined {
    const { code, reason } = failure
    if (code === invalidCode) {
      this.#invalid += 1
      if (this.#invalid < hopelessNoise) return undefined
      return `HOST_TOO_BUSY: ${this.#invalid} measurements in a row could not be trusted; the last: ${reason}`
    }
    this.#failures += 1
    if (isPermanent(code) && !known.anyResult && !known.elsewhere) return `${code}: ${reason}`
    const limit = known.anyResult ? hopelessLater : hopelessAtStart
    if (this.#failures < limit) return undefined
    return `${code}: ${reason} (${this.#failures} trials failed in a row)`
  }
}
