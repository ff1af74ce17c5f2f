import { FmworkError } from '../../../shared/domain/errors.js'
import type { Problem } from '../../../shared/domain/errors.js'
import { withoutSecretPatterns } from '../../../shared/domain/secret-patterns.js'
import type { ImportedFile, ImportedRecord } from './format.js'

/** Problems listed before the rest is only counted. */
const mostProblems = 20

/** Where in a file something stands. */
export interface Place {
  /** Such as `benchmarks[2].metrics`; empty for the file itself. */
  readonly path: string
  /** 1-based. */
  readonly line?: number
}

const longestText = 200
const longestPath = 1000
/** Whatever would move a terminal’s cursor, end a line or reverse the writing. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A text of the file, fit to be shown: one line, of bounded length, without what looks like a secret. */
export const printable = (text: string, longest = longestText): string =>
  withoutSecretPatterns(text.slice(0, 4 * longest))
    .slice(0, longest)
    .replace(unprintable, '�')

/** A path, fit to be shown. */
export const printablePath = (path: string): string => printable(path, longestPath)

/** A value of the file as a person may read it; never walks into it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'string') return JSON.stringify(printable(value))
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'null'
}

/** What goes wrong while one file is read: what makes it unusable, and what is only told. */
export class Reading {
  readonly path: string
  readonly #title: string
  readonly #wrong: Problem[] = []
  readonly #notes: Problem[] = []
  #unlisted = 0

  /** @param title what the file is, such as “result of vllm bench serve” */
  constructor(path: string, title: string) {
    this.path = path
    this.#title = title
  }

  /** Makes the file unusable. */
  wrong(place: Place, field: string, value: unknown, expected: string): void {
    this.#wrong.push(problemOf(place, field, value, expected))
  }

  /** Is told to whoever imports. */
  note(place: Place, field: string, value: unknown, expected: string): void {
    if (this.#notes.length < mostProblems) {
      this.#notes.push(problemOf(place, field, value, expected))
    } else {
      this.#unlisted += 1
    }
  }

  /**
   * @throws FmworkError FORMAT_INVALID where something was wrong or there is nothing;
   *   CONVERSION_REFUSED where all that there is was left out
   */
  done(records: readonly ImportedRecord[]): ImportedFile {
    const wrong = this.#wrong
    if (wrong.length > 0) {
      const more = wrong.length > mostProblems ? ` (the first ${mostProblems} are shown)` : ''
      const count = wrong.length === 1 ? '1 problem' : `${wrong.length} problems`
      throw new FmworkError(
        'FORMAT_INVALID',
        `${printablePath(this.path)}, read as ${this.#title}, has ${count}${more}`,
        { problems: wrong.slice(0, mostProblems) },
      )
    }
    const kept = records.filter(({ metrics }) => metrics.length > 0)
    for (const { origin } of records.filter(({ metrics }) => metrics.length === 0)) {
      this.note(origin.place, 'figures', undefined, 'are none that is known; left out')
    }
    if (kept.length === 0) {
      // What was told is why each of its measurements was left out.
      throw new FmworkError(
        this.#notes.length > 0 ? 'CONVERSION_REFUSED' : 'FORMAT_INVALID',
        `${printablePath(this.path)}, read as ${this.#title}, holds no measurement that can be taken`,
        { problems: this.#notes },
      )
    }
    const rest: Problem[] =
      this.#unlisted === 0
        ? []
        : [{ field: 'and', expected: `${this.#unlisted} more of the kind are not listed` }]
    return { records: kept, problems: [...this.#notes, ...rest] }
  }
}

function problemOf(place: Place, field: string, value: unknown, expected: string): Problem {
  const name = place.path === '' ? field : `${place.path}.${field}`
  return {
    field: printable(name),
    ...(value === undefined ? {} : { value: shown(value) }),
    expected,
    ...(place.line === undefined ? {} : { line: place.line, column: 1 }),
  }
}
