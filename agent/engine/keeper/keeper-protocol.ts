import { z } from 'zod'

/**
 * How an agent and a keeper talk. The agent writes one JSON line, the order, to the keeper’s
 * standard input and keeps that open: its end means that the engine is no longer wanted, or that
 * the agent is gone. The keeper answers with JSON lines on standard output.
 */
export const keeperOrderSchema = z.strictObject({
  executable: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  /** Working folder. */
  cwd: z.string(),
  mark: z.string(),
  graceSeconds: z.number(),
})
export type KeeperOrder = z.infer<typeof keeperOrderSchema>

const wordSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('spawned'), pid: z.int() }),
  z.strictObject({ kind: z.literal('failed'), message: z.string() }),
  z.strictObject({
    kind: z.literal('exited'),
    code: z.int().nullable(),
    signal: z.string().nullable(),
  }),
])
export type KeeperWord = z.infer<typeof wordSchema>

export const parseKeeperWord = (line: string): KeeperWord => wordSchema.parse(JSON.parse(line))
