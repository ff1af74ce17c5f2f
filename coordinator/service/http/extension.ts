import { z } from 'zod'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Extension } from '../../../shared/domain/sweep-desk.js'
import { decisionObjectives } from '../../../shared/domain/sweep.js'

const figure = z.number().positive('expected a number above 0').optional()

const decision = z.strictObject({
  objective: z.enum(decisionObjectives).optional(),
  inputTokens: figure,
  outputTokens: figure,
  probability: figure,
  tolerance: z.number().min(0, 'expected 0 or more').optional(),
})

const extensionSchema = z.strictObject({
  accuracy: figure,
  confidence: figure,
  deviceHours: figure,
  costUsd: figure,
  trials: figure,
  wallTimeSeconds: figure,
  decision: z.union([z.literal('none'), decision], 'expected none, or a decision').optional(),
})

/**
 * The goal and budget that a request names; undefined where it names none.
 *
 * @throws FmworkError MESSAGE_INVALID naming every field that is none
 */
export function extensionIn(body: unknown): Extension | undefined {
  const found = extensionSchema.safeParse(body ?? {})
  if (!found.success) {
    throw new FmworkError('MESSAGE_INVALID', 'the goal or the budget cannot be read', {
      problems: found.error.issues.map(({ path, message }) => ({
        field: path.map(String).join('.'),
        expected: message,
      })),
    })
  }
  const given = Object.entries(found.data).filter(([, value]) => value !== undefined)
  return given.length === 0 ? undefined : Object.fromEntries(given)
}
