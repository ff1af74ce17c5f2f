import { readdirSync } from 'node:fs'
import { vi } from 'vitest'
import { Statements } from '../../../coordinator/store/statements.js'

const folder = new URL('../../../coordinator/store/statements/', import.meta.url)
const every = readdirSync(folder).map((file) => file.replace(/\.sql$/, ''))

/** Watches which statements are run, and which of them ever changed or found a row. */
export function watchStatements(): {
  /** Forgets the calls, keeps their names: once per run, so that they do not pile up. */
  readonly tally: () => void
  /** Statements that no run has reached, or that never had an effect. */
  readonly unreached: () => string[]
  readonly stop: () => void
} {
  const effective = new Set<string>()
  const spies = [
    vi.spyOn(Statements.prototype, 'run'),
    vi.spyOn(Statements.prototype, 'first'),
    vi.spyOn(Statements.prototype, 'all'),
  ] as const
  const [run, first, all] = spies
  const note = (spy: (typeof spies)[number], had: (result: unknown) => boolean) => {
    for (const [call, { type, value }] of spy.mock.results.entries()) {
      const name = spy.mock.calls[call]?.[0]
      if (name !== undefined && type === 'return' && had(value)) effective.add(name)
    }
    spy.mockClear()
  }
  return {
    tally() {
      note(run, (changes) => changes !== 0)
      note(first, (row) => row !== undefined)
      note(all, (rows) => Array.isArray(rows) && rows.length > 0)
    },
    unreached: () => every.filter((name) => !effective.has(name)),
    stop() {
      for (const spy of spies) spy.mockRestore()
    },
  }
}
