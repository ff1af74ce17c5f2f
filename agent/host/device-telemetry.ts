import type { TelemetryReading } from '../../shared/domain/sample.js'

/** A live source of device readings, such as a long-lived `nvidia-smi`. */
export interface DeviceTelemetry {
  /** Readings with `at` inside [from, to], epoch milliseconds, oldest first. */
  between(from: number, to: number): readonly TelemetryReading[]
  /** Calls back with every reading from now on. */
  subscribe(listener: (reading: TelemetryReading) => void): () => void
  /**
   * Processes of this host on the devices, besides `pids` and what they started; undefined when the
   * source cannot tell.
   */
  foreignProcesses(pids: readonly number[]): Promise<readonly number[] | undefined>
  close(): Promise<void>
}
