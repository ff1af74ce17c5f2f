import { LineCounter, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { isNode } from 'yaml'
import { FmworkError } from './errors.js'
import type { Problem } from './errors.js'
import { findSecrets } from './secret-patterns.js'
import { sweepSchema } from './sweep.js'
import type { Sweep } from './sweep.js'
import { compileSweep, crossProblems } from './sweep-rules.js'
import { yamlValue } from './yaml-value.js'

type Path = readonly PropertyKey[]

/** The nearest node of the document on the way to `path`, so that a missing key points at its parent. */
function positionOf(document: Document, lines: LineCounter, path: Path) {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true)
    if (!isNode(node) || !node.range) continue
    const { line, col } = lines.linePos(node.range[0])
    return { line, column: col }
  }
  return undefined
}

/** The position of a key itself (not of its value): what an unknown key should point at. */
function keyPositionOf(document: Document, lines: LineCounter, parent: Path, key: string) {
  const map = parent.length === 0 ? document.contents : document.getIn(parent, true)
  const items: unknown =
    map === null || typeof map !== 'object' ? undefined : (map as { items?: unknown }).items
  if (!Array.isArray(items)) return positionOf(document, lines, parent)
  for (const item of items as { key?: { value?: unknown; range?: [number, number, number] } }[]) {
    if (item.key?.value !== key || item.key.range === undefined) continue
    const { line, col } = lines.linePos(item.key.range[0])
    return { line, column: col }
  }
  return positionOf(document, lines, parent)
}

const fieldName = (path: Path): string =>
  path.length === 0 ? '(file)' : path.map(String).join('.')

function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) return String(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

interface Issue {
  readonly code?: string | undefined
  readonly path: PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[] | undefined
  readonly errors?: readonly (readonly Issue[])[] | undefined
}

/** A union reports one list of issues per option: the option that got furthest is the one meant. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors === undefined || issue.errors.length === 0) {
    return [issue]
  }
  const options = issue.errors.map((errors) =>
    errors.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] })),
  )
  const depth = (errors: Issue[]) => Math.max(...errors.map((error) => error.path.length))
  const wrongType = (errors: Issue[]) =>
    errors.some((error) => error.code === 'invalid_type' && error.path.length === issue.path.length)
  const fitting = options.filter((errors) => !wrongType(errors))
  const candidates = fitting.length > 0 ? fitting : options
  return candidates.reduce((best, errors) => (depth(errors) > depth(best) ? errors : best))
}

function problemsOf(
  issue: Issue,
  document: Document,
  lines: LineCounter,
  value: unknown,
): Problem[] {
  const at = (path: Path): unknown =>
    path.reduce<unknown>(
      (inner, key) =>
        inner !== null && typeof inner === 'object'
          ? (inner as Record<PropertyKey, unknown>)[key]
          : undefined,
      value,
    )
  return flatten(issue).flatMap((found): Problem[] => {
    if (found.code === 'unrecognized_keys') {
      return (found.keys ?? []).map((key) => ({
        field: fieldName([...found.path, key]),
        value: shown(at([...found.path, key])),
        expected: 'unknown key: remove it or mend its spelling',
        ...keyPositionOf(document, lines, found.path, key),
      }))
    }
    const given = at(found.path)
    return [
      {
        field: fieldName(found.path),
        ...(given === undefined ? {} : { value: shown(given) }),
        expected:
          given === undefined
            ? 'missing: expected a value'
            : found.message.replace(/^Invalid input: /, ''),
        ...positionOf(document, lines, found.path),
      },
    ]
  })
}

/** A sweep file is kept, shown and reported: what looks like a secret stays outside. */
function refuseSecrets(text: string, lines: LineCounter): void {
  const problems = findSecrets(text).map(({ what, at }) => {
    const { line, col } = lines.linePos(at)
    return {
      field: '(secret)',
      expected: `looks like ${what}: keep it in the agent’s environment and name the variable (api_key_env)`,
      line,
      column: col,
    }
  })
  if (problems.length > 0) {
    throw new FmworkError('SWEEP_INVALID', 'the sweep file holds a secret', { problems })
  }
}

/**
 * Parses and checks a sweep file.
 *
 * @throws FmworkError SWEEP_FILE_UNREADABLE for text that is not YAML, SWEEP_INVALID with every
 *   problem of the file at once, each with line and column.
 */
export function parseSweep(text: string): Sweep {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  refuseSecrets(text, lines)
  if (document.errors.length > 0) {
    throw new FmworkError('SWEEP_FILE_UNREADABLE', 'the sweep file is not valid YAML', {
      problems: document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0])
        return { field: '(syntax)', expected: error.message, line, column: col }
      }),
    })
  }
  const value = yamlValue(
    document,
    lines,
    (problem, cause) =>
      new FmworkError('SWEEP_FILE_UNREADABLE', 'the sweep file is not valid YAML', {
        problems: [problem],
        cause,
      }),
  )
  const result = sweepSchema.safeParse(value)
  const problems = result.success
    ? crossProblems(result.data).map((problem) => ({
        field: fieldName(problem.path),
        expected: problem.expected,
        ...positionOf(document, lines, problem.path),
      }))
    : result.error.issues.flatMap((issue) =>
        problemsOf(issue as unknown as Issue, document, lines, value),
      )
  if (!result.success || problems.length > 0) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    throw new FmworkError('SWEEP_INVALID', `the sweep file has ${count}`, { problems })
  }
  return compileSweep(result.data)
}
