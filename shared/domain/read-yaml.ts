import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { FmworkError, Problem } from './errors.js'
import { yamlValue } from './yaml-value.js'

/**
 * The value of a small YAML file, as its schema has it.
 *
 * @param failure makes what is thrown, with every problem of the file.
 * @param expectedOf words of a problem; the schema’s own where left out.
 */
export function readYaml<T>(
  text: string,
  schema: z.ZodType<T>,
  failure: (problems: readonly Problem[], cause?: unknown) => FmworkError,
  expectedOf: (issue: z.core.$ZodIssue) => string = ({ message }) => message,
): T {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0) {
    throw failure(
      document.errors.map(({ message, linePos }) => ({
        field: '(file)',
        expected: `expected YAML: ${message.split('\n', 1)[0] ?? ''}`,
        ...(linePos === undefined ? {} : { line: linePos[0].line, column: linePos[0].col }),
      })),
    )
  }
  const parsed = schema.safeParse(
    yamlValue(document, lines, (problem, cause) => failure([problem], cause)),
  )
  if (parsed.success) return parsed.data
  throw failure(
    parsed.error.issues.map((issue) => ({
      field: issue.path.length === 0 ? '(file)' : issue.path.map(String).join('.'),
      expected: expectedOf(issue),
    })),
    parsed.error,
  )
}
