import type { DeviceReading } from '../device-telemetry.js'

/** What the probe knows of a device before the first reading. */
export interface ProbeDevice {
  readonly uuid: string
  readonly name?: string
  readonly memoryTotalBytes?: number
  readonly powerLimitWatts?: number
  /** UUID of the GPU that it is an instance of. */
  readonly board?: string
}

/** How the probe and the agent talk: one JSON line each, from the probe’s standard output. */
export type ProbeLine =
  /** The first line of a life. */
  | { readonly kind: 'hello'; readonly driver?: string; readonly devices: readonly ProbeDevice[] }
  | { readonly kind: 'reading'; readonly reading: DeviceReading }
  /** Processes by device; a device that does not tell is absent. */
  | {
      readonly kind: 'processes'
      readonly at: number
      readonly pids: Readonly<Record<string, readonly number[]>>
    }
  /** CPU time of the probe itself since it began. */
  | { readonly kind: 'own'; readonly cpuSeconds: number; readonly wallSeconds: number }
  /** There is nothing to read here, and why. */
  | { readonly kind: 'refused'; readonly reason: string }

const kinds: ReadonlySet<unknown> = new Set<ProbeLine['kind']>([
  'hello',
  'reading',
  'processes',
  'own',
  'refused',
])

/** Parses a line of the probe; undefined when it is not one: a library that prints, a crash. */
export function parseProbeLine(line: string): ProbeLine | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  return typeof value === 'object' && value !== null && 'kind' in value && kinds.has(value.kind)
    ? (value as ProbeLine)
    : undefined
}
