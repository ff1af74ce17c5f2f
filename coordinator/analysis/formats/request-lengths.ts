import type { Fields } from './fields.js'
import type { Reading } from './reading.js'

/** A mean length that differs by more than this from the one asked is told. */
const notAsAsked = 0.02

/**
 * Tokens per request, for an axis: what was asked where the file says so, else the total over the
 * completed requests. A mean of requests of different lengths is rounded, and told.
 *
 * @param asked fields that hold the length asked for, the first one present counts
 */
export function tokensPerRequest(
  reading: Reading,
  fields: Fields,
  asked: readonly string[],
  total: string,
  completed: string,
): number | undefined {
  const tokens = fields.positive(total)
  const requests = fields.positive(completed)
  const mean = tokens === undefined || requests === undefined ? undefined : tokens / requests
  for (const name of asked) {
    const found = fields.count(name)
    if (found === undefined) continue
    if (mean !== undefined && Math.abs(mean / found - 1) > notAsAsked) {
      const rounded = Number(mean.toPrecision(6))
      reading.note(fields.place, name, found, `was asked; the mean over requests is ${rounded}`)
    }
    return found
  }
  return wholeTokens(reading, fields, total, mean)
}

/** A mean length as an axis value: rounded, and told where that changes it. */
export function wholeTokens(
  reading: Reading,
  fields: Fields,
  field: string,
  mean: number | undefined,
): number | undefined {
  if (mean === undefined || !(mean > 0)) return undefined
  const whole = Math.max(1, Math.round(mean))
  if (Math.abs(mean - whole) > 1e-9 * whole) {
    reading.note(
      fields.place,
      field,
      Number(mean.toPrecision(6)),
      `tokens per request are a mean of different lengths; ${whole} is kept`,
    )
  }
  return whole
}
