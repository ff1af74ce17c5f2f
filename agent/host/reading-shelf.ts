import type { DeviceReading } from './device-telemetry.js'

/** Readings kept: an hour of one device at 50 ms, eight minutes of eight. */
const keptReadings = 75_000

/** The last readings of a source, in the order they came, and who hears of new ones. */
export class ReadingShelf {
  readonly #listeners = new Set<(reading: DeviceReading) => void>()
  #readings: DeviceReading[] = []

  add(reading: DeviceReading): void {
    this.#readings.push(reading)
    // Cut seldom: each cut copies what stays.
    if (this.#readings.length > keptReadings * 1.2) {
      this.#readings = this.#readings.slice(-keptReadings)
    }
    for (const listener of this.#listeners) listener(reading)
  }

  between(from: number, to: number): readonly DeviceReading[] {
    return this.#readings.filter(({ at }) => at >= from && at <= to)
  }

  subscribe(listener: (reading: DeviceReading) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
