/**
 * What nvidia-smi writes where it has no number: `N/A`, `[N/A]`, `[Not Supported]`, `[Unknown Error]`,
 * `[GPU requires reset]`, `[Insufficient Permissions]`, `None`, `Requested functionality has been
 * deprecated`, and whatever its next version thinks of: anything that is not the expected form.
 */

/** Factors to our units: bytes, watts, MHz, percent, degrees Celsius. */
const factors: Readonly<Record<string, number>> = {
  '': 1,
  '%': 1,
  W: 1,
  mW: 1e-3,
  MHz: 1,
  GHz: 1e3,
  C: 1,
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  MB: 1024 ** 2,
}

/**
 * A figure with an optional unit: `100 %`, `883 MiB`, `700.06 W`, `54`.
 *
 * @param unit what a bare number means.
 * @returns undefined for anything else.
 */
export function readFigure(text: string | undefined, unit = ''): number | undefined {
  const match = /^(-?\d+(?:\.\d+)?)\s*([%A-Za-z]*)$/.exec(text?.trim() ?? '')
  if (match?.[1] === undefined) return undefined
  const factor = factors[match[2] === undefined || match[2] === '' ? unit : match[2]]
  const value = Number(match[1])
  return factor === undefined || !Number.isFinite(value) ? undefined : value * factor
}

/** Text that is a value, not one of the ways to say that there is none. */
export function readWords(text: string | undefined): string | undefined {
  const words = text?.trim() ?? ''
  return words === '' || /^\[.*\]$|^(N\/A|None)$|deprecated$/.test(words) ? undefined : words
}

/** Bits of clocks_event_reasons.active, by NVML’s names (nvmlClocksEventReason…). */
const reasonBits: readonly (readonly [bigint, string])[] = [
  [0x1n, 'gpu_idle'],
  [0x2n, 'applications_clocks_setting'],
  [0x4n, 'sw_power_cap'],
  [0x8n, 'hw_slowdown'],
  [0x10n, 'sync_boost'],
  [0x20n, 'sw_thermal_slowdown'],
  [0x40n, 'hw_thermal_slowdown'],
  [0x80n, 'hw_power_brake_slowdown'],
  [0x100n, 'display_clocks_setting'],
]

/** `0x0000000000000004` as names; unknown bits keep their number. */
export function readReasons(text: string | undefined): readonly string[] | undefined {
  const mask = text?.trim() ?? ''
  return /^0x[0-9a-fA-F]{1,16}$/.test(mask) ? reasonNames(BigInt(mask)) : undefined
}

/** A mask of clocks_event_reasons as names; unknown bits keep their number. */
export function reasonNames(mask: bigint): readonly string[] {
  let rest = mask
  const names: string[] = []
  for (const [bit, name] of reasonBits) {
    if ((rest & bit) === 0n) continue
    names.push(name)
    rest &= ~bit
  }
  if (rest !== 0n) names.push(`0x${rest.toString(16)}`)
  return names
}

/** `2026/11/24 05:26:30.326` of this machine’s zone, as epoch milliseconds. */
export function readTimestamp(text: string | undefined): number | undefined {
  const match = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?$/.exec(
    text?.trim() ?? '',
  )
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number)
  if (year === undefined || month === undefined) return undefined
  const thousandths = Number((match[7] ?? '0').padEnd(3, '0'))
  return new Date(year, month - 1, day, hour, minute, second, thousandths).getTime()
}
