/** A JSON object; amd-smi puts `"N/A"` where it has none. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Factors to our units: bytes, watts, joules, MHz, percent, degrees Celsius. Its MB are 1024². */
const factors: Readonly<Record<string, number>> = {
  '': 1,
  '%': 1,
  W: 1,
  mW: 1e-3,
  uW: 1e-6,
  J: 1,
  mJ: 1e-3,
  MHz: 1,
  Mhz: 1,
  GHz: 1e3,
  C: 1,
  '°C': 1,
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}

/** What the driver’s tables hold where a sensor is missing, as old versions hand it on. */
const missing: ReadonlySet<number> = new Set([0xffff, 0xffff_ffff, 2 ** 64])

/**
 * A figure in any of its forms: `{"value": 140, "unit": "W"}`, `140`, `"140 W"`.
 *
 * @param unit what a bare number means.
 * @returns undefined for anything else, `"N/A"` among it.
 */
export function amdFigure(value: unknown, unit = ''): number | undefined {
  if (isFields(value)) {
    const own = value.unit
    return amdFigure(value.value, typeof own === 'string' && own !== '' ? own : unit)
  }
  if (typeof value === 'number') {
    const factor = Object.hasOwn(factors, unit) ? factors[unit] : undefined
    return factor === undefined || !Number.isFinite(value) || missing.has(value)
      ? undefined
      : value * factor
  }
  if (typeof value !== 'string') return undefined
  const [, number, written = ''] = /^(-?\d+(?:\.\d+)?)\s*([%°A-Za-z]*)$/.exec(value.trim()) ?? []
  return number === undefined ? undefined : amdFigure(Number(number), written || unit)
}

/** Text that is a value, not one of the ways to say that there is none. */
export function amdWords(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : undefined
  if (typeof value !== 'string') return undefined
  const words = value.trim()
  return words === '' || /^(N\/A|None|unknown)$|AMDSMI_STATUS/i.test(words) ? undefined : words
}

/** The value at a path; names are compared without regard to case, as versions differ in it. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, name) => {
    if (!isFields(found)) return undefined
    const key = Object.keys(found).find((each) => each.toLowerCase() === name)
    return key === undefined ? undefined : found[key]
  }, value)
}

/** The first figure of several places. */
export function figureAt(
  value: unknown,
  unit: string,
  ...paths: readonly (readonly string[])[]
): number | undefined {
  for (const path of paths) {
    const found = amdFigure(valueAt(value, ...path), unit)
    if (found !== undefined) return found
  }
  return undefined
}

/** The first words of several places. */
export function wordsAt(
  value: unknown,
  ...paths: readonly (readonly string[])[]
): string | undefined {
  for (const path of paths) {
    const found = amdWords(valueAt(value, ...path))
    if (found !== undefined) return found
  }
  return undefined
}
