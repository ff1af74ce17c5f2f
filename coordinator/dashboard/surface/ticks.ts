/** At most `count` places out of `length`, evenly, first and last among them. */
export function somePlaces(length: number, count: number): number[] {
  const shown = Math.min(length, Math.max(2, count))
  if (shown <= 1) return [0]
  const places = Array.from({ length: shown }, (_, k) =>
    Math.round((k * (length - 1)) / (shown - 1)),
  )
  return [...new Set(places)]
}

/** Whether an axis grows by factors rather than by steps: then steps would crowd its beginning. */
export function growsByFactors(values: readonly number[]): boolean {
  const [first = 0, second = 0] = values
  const [last = 0, beforeLast = 0] = values.toReversed()
  return first > 0 && last >= 16 * first && last - beforeLast >= 4 * (second - first)
}
