import type { EngineFacts } from '../../../shared/domain/environment.js'
import type { ErrorCode } from '../../../shared/domain/error-table.js'

/**
 * How an agent and an engine process of ours talk. The agent writes one JSON line, the engine’s
 * settings, to its standard input and keeps that open: its end means that the agent is gone. The
 * engine answers with one JSON line on standard output.
 */
export type ChildAnswer =
  | {
      readonly kind: 'ready'
      readonly port: number
      readonly model: string
      readonly facts: EngineFacts
      readonly promptTokenRange: readonly [number, number]
    }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }

export type ChildReady = Extract<ChildAnswer, { kind: 'ready' }>

/** Parses the line a child printed; undefined when it is not an answer. */
export function parseChildAnswer(line: string): ChildAnswer | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined
  return value.kind === 'ready' || value.kind === 'failed' ? (value as ChildAnswer) : undefined
}
