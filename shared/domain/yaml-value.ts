import { visit } from 'yaml'
import type { Document, LineCounter } from 'yaml'
import type { FmworkError, Problem } from './errors.js'

/**
 * What a YAML document says. An alias may have no anchor, or stand for more than any file of ours holds.
 *
 * @param failure makes what is thrown then.
 */
export function yamlValue(
  document: Document,
  lines: LineCounter,
  failure: (problem: Problem, cause: unknown) => FmworkError,
): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    const expected = cause instanceof Error ? cause.message : String(cause)
    let position = {}
    visit(document, {
      Alias(_, alias) {
        if (alias.resolve(document) !== undefined || !alias.range) return undefined
        const { line, col } = lines.linePos(alias.range[0])
        position = { line, column: col }
        return visit.BREAK
      },
    })
    throw failure({ field: '(alias)', expected, ...position }, cause)
  }
}
