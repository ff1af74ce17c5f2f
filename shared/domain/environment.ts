/**
 * What the machine was when a measurement was made. Stored with every measurement; measurements
 * whose fingerprints differ are never silently compared. Holds no secret.
 */
export interface Environment {
  readonly hostname: string
  readonly os: string
  readonly kernel: string
  readonly cpuModel: string
  readonly cpuCount: number
  readonly memoryBytes: number
  readonly devices: readonly DeviceFacts[]
  readonly agentVersion: string
  readonly nodeVersion: string
  /** How the host is set and what it runs, by name: `cpu_governor`, `libc`, `telemetry`, … */
  readonly settings?: Readonly<Record<string, string>>
}

export interface DeviceFacts {
  /** `cpu` or the device’s UUID. */
  readonly id: string
  /** As the driver names it, such as `NVIDIA H100 80GB HBM3`. */
  readonly name: string
  readonly memoryBytes: number
  readonly driver?: string
  readonly powerLimitWatts?: number
  /** How the device is set, by the driver’s names: `mig_mode`, `ecc_mode`, `max_clocks.sm`, … */
  readonly settings?: Readonly<Record<string, string>>
}

/** Id of the device that this one is a slice of (MIG, a partition); undefined for a whole one. */
export const boardOf = ({ settings }: DeviceFacts): string | undefined => settings?.board

/** Facts an engine tells about itself once it is up. */
export interface EngineFacts {
  readonly kind: string
  readonly version: string
  readonly effectiveArgs: Readonly<Record<string, string | number | boolean>>
  /** Tokens that fit in its KV cache, where it says so. */
  readonly kvCapacityTokens?: number
  /** Longest prompt plus output of one request, in tokens. */
  readonly maxContextTokens?: number
  /** Batch sizes it captured CUDA graphs for, ascending. */
  readonly captureSizes?: readonly number[]
}
