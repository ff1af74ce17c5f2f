/** One thing that was looked at, and what became of it. */
export interface Finding {
  readonly check: string
  /** `fault` needs a person; `warning` will need one; `note` is worth knowing. */
  readonly level: 'ok' | 'note' | 'warning' | 'fault'
  /** What was found, in words, with the figures. */
  readonly found: string
  /** What to do now; empty where nothing is to be done. */
  readonly cure: string
}

export const ok = (check: string, found: string): Finding => ({
  check,
  level: 'ok',
  found,
  cure: '',
})
