import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import { FmworkError } from '../shared/domain/errors.js'
import { spanSpace } from '../shared/domain/space.js'
import type { Space } from '../shared/domain/space.js'
import type { Sweep } from '../shared/domain/sweep.js'
import { parseSweep } from '../shared/domain/sweep-file.js'

/** A sweep file, checked, with what the command line changes of it. */
export interface SweepSource {
  readonly file: string
  readonly text: string
  readonly sweep: Sweep
  readonly space: Space
}

export interface SweepOverrides {
  readonly model?: string
  readonly name?: string
}

/**
 * Reads, checks and spans a sweep file before anything is started.
 *
 * @throws FmworkError SWEEP_FILE_UNREADABLE and whatever parseSweep and spanSpace throw
 */
export function readSweep(file: string, overrides: SweepOverrides = {}): SweepSource {
  let written: string
  try {
    written = readFileSync(file, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new FmworkError('SWEEP_FILE_UNREADABLE', `cannot read ${file}: ${why}`, { cause })
  }
  parseSweep(written)
  const text = overridden(written, overrides)
  const sweep = parseSweep(text)
  return { file, text, sweep, space: spanSpace(sweep) }
}

function overridden(text: string, { model, name }: SweepOverrides): string {
  if (model === undefined && name === undefined) return text
  const document = parseDocument(text)
  if (model !== undefined) document.set('model', model)
  if (name !== undefined) document.set('name', name)
  return document.toString()
}

/** The engine kinds a sweep runs, each once. */
export const engineKinds = (sweep: Sweep): string[] => [
  ...new Set(sweep.engines.map(({ kind }) => kind)),
]
