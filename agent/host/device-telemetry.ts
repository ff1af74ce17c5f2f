import type { TelemetryReading } from '../../shared/domain/sample.js'

/** A reading of a device, with what only the host needs: the wire carries the rest. */
export interface DeviceReading extends TelemetryReading {
  /** Joules since the driver was loaded, where the device counts them itself. */
  readonly energyJoules?: number
}

/** How readings are taken, best first. */
export type TelemetrySource = 'nvml' | 'nvidia-smi' | 'amd-smi' | 'dcgm'

/** A live source of device readings, such as NVML or a long-lived `nvidia-smi`. */
export interface DeviceTelemetry {
  readonly source: TelemetrySource
  /** Seconds between readings, as asked for. */
  readonly periodSeconds: number
  /** Readings with `at` inside [from, to], epoch milliseconds, oldest first. */
  between(from: number, to: number): readonly DeviceReading[]
  /** Calls back with every reading from now on. */
  subscribe(listener: (reading: DeviceReading) => void): () => void
  /**
   * Processes of this host on the devices, besides `pids` and what they started; undefined when the
   * source cannot tell.
   *
   * @param since epoch milliseconds; those that are gone again count too, where the source saw them.
   * @param on some of its devices; all when absent.
   */
  foreignProcesses(
    pids: readonly number[],
    since?: number,
    on?: readonly string[],
  ): Promise<readonly number[] | undefined>
  close(): Promise<void>
}
