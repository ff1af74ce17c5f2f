import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { printablePath } from '../coordinator/analysis/formats/reading.js'
import { FmworkError } from '../shared/domain/errors.js'
import type { Problem } from '../shared/domain/errors.js'

/** A file to import, in the folder or by the name that was given. */
export interface ImportSource {
  readonly path: string
  /** Found in a folder: being of no known format is no failure then. */
  readonly found: boolean
}

/** Larger files are refused before they are read. */
export const mostBytes = 256 * 1024 * 1024
const mostFiles = 20_000
const deepest = 8

const endings = /\.(?:json|jsonl|ndjson|csv|log|txt|out)$/i

function unreadable(path: string, expected: string, cause?: unknown): FmworkError {
  return new FmworkError('FORMAT_INVALID', `cannot read ${printablePath(path)}`, {
    problems: [{ field: 'FILE', value: printablePath(path), expected }],
    cause,
  })
}

function statOf(path: string) {
  try {
    return statSync(path)
  } catch (cause) {
    throw unreadable(path, 'expected a file or a folder that can be read', cause)
  }
}

function entriesOf(folder: string) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    throw unreadable(folder, 'expected a folder that can be read', cause)
  }
}

function walk(folder: string, depth: number, into: ImportSource[]): void {
  if (depth > deepest) throw unreadable(folder, `expected folders at most ${deepest} deep`)
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    // Links are not followed: a folder of results needs none, and they may lead in circles.
    if (entry.isDirectory()) walk(path, depth + 1, into)
    else if (entry.isFile() && endings.test(entry.name)) into.push({ path, found: true })
    if (into.length > mostFiles) throw unreadable(folder, `expected at most ${mostFiles} files`)
  }
}

/**
 * The files that paths name: folders are searched for texts, JSON and CSV files.
 *
 * @throws FmworkError FORMAT_INVALID
 */
export function importSources(paths: readonly string[]): ImportSource[] {
  const sources: ImportSource[] = []
  for (const path of paths) {
    if (statOf(path).isDirectory()) walk(path, 0, sources)
    else sources.push({ path, found: false })
  }
  if (sources.length === 0) throw unreadable(paths.join(', '), 'expected results in it')
  return sources
}

/**
 * A regular file’s text, of bounded size even if it grows meanwhile.
 *
 * @throws FmworkError FORMAT_INVALID
 */
export function readBounded(path: string): string {
  let descriptor: number | undefined
  try {
    const found = statSync(path)
    if (!found.isFile()) throw unreadable(path, 'expected a regular file')
    descriptor = openSync(path, 'r')
    const { size } = fstatSync(descriptor)
    if (size > mostBytes) {
      throw unreadable(path, `expected at most ${mostBytes} bytes; it has ${size}`)
    }
    const bytes = Buffer.alloc(size)
    let length = 0
    while (length < size) {
      const read = readSync(descriptor, bytes, length, size - length, null)
      if (read === 0) break
      length += read
    }
    return bytes.toString('utf8', 0, length)
  } catch (error) {
    if (error instanceof FmworkError) throw error
    throw unreadable(path, 'expected a readable file', error)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** A problem of a file as one line for people. */
export function problemLine(path: string, { field, value, expected, line }: Problem): string {
  const at = line === undefined ? '' : `:${line}`
  return `${printablePath(path)}${at}  ${field}${value === undefined ? '' : ` is ${value};`} ${expected}`
}
