import type { Scalar } from '../../../shared/domain/configuration.js'

/** What a server says of itself, in its log or when asked. Absent is what it does not say. */
export interface Told {
  readonly version?: string
  /** Tokens that fit in its KV cache. */
  readonly kvCapacityTokens?: number
  /** Longest prompt plus output of one request. */
  readonly maxContextTokens?: number
  /** Batch sizes it captured graphs for, ascending; none when it captures nothing. */
  readonly captureSizes?: readonly number[]
  /** Arguments as it took them. */
  readonly args?: Readonly<Record<string, Scalar>>
}

/** The first group of the last line that matches, as a number; thousands may be set apart by commas. */
export function lastFigure(lines: readonly string[], pattern: RegExp): number | undefined {
  const text = lastMatch(lines, pattern)
  const figure = Number(text?.replaceAll(',', ''))
  return text !== undefined && Number.isFinite(figure) ? figure : undefined
}

/** The first group of the last line that matches. */
export function lastMatch(lines: readonly string[], pattern: RegExp): string | undefined {
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const found = pattern.exec(lines[index] ?? '')?.[1]
    if (found !== undefined) return found
  }
  return undefined
}

/** `1, 2, 4` as ascending numbers; undefined for anything else. */
export function sizes(text: string | undefined): readonly number[] | undefined {
  if (text === undefined) return undefined
  const numbers = text.split(',').map((each) => Number(each.trim()))
  if (text.trim() === '' || !numbers.every((each) => Number.isInteger(each) && each > 0)) {
    return undefined
  }
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/** Leaves out what is undefined. */
export function told(facts: { readonly [K in keyof Told]?: Told[K] | undefined }): Told {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

/** Later words win. */
export function merged(...parts: readonly Told[]): Told {
  const args = Object.assign({}, ...parts.map((part) => part.args ?? {})) as Told['args']
  return { ...(Object.assign({}, ...parts) as Told), ...(args === undefined ? {} : { args }) }
}
