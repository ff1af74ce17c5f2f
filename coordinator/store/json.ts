/**
 * JSON that keeps what JSON has no word for: NaN and the infinities, which an interval of an unknown
 * may hold, come back as they were.
 */
const words = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])

export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? { $number: String(inner) } : inner,
  )
}

/** What {@link toJson} was given: only the store’s own text is read, so its type is known. */
export function fromJson(text: string): unknown {
  // Asking for every value costs most of the reading, and the words are rare.
  if (!text.includes('"$number"')) return JSON.parse(text)
  return JSON.parse(text, (_, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || !('$number' in inner)) return inner
    return words.get(String(inner.$number)) ?? inner
  })
}
