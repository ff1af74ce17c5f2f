import { fileURLToPath } from 'node:url'
import { permitsSchema } from '../../agent/engine/permit/engine-permits.js'
import type { EnginePermits } from '../../agent/engine/permit/engine-permits.js'

/** Where a stand-in for an engine lies. */
export const standInPath = (program: string): string =>
  fileURLToPath(new URL(`../fixtures/engines/${program}`, import.meta.url))

/** What an agent’s engine file would say of one kind. */
export function permitsFor(kind: string, program: string, rest: object = {}): EnginePermits {
  const executable = program.startsWith('/') ? program : standInPath(program)
  return permitsSchema.parse({ [kind]: { executable, stop_seconds: 5, ...rest } })
}
