import type { DeviceReading } from './device-telemetry.js'

type Figures = Omit<DeviceReading, 'at' | 'device'>

/**
 * What a board’s figures say of one of its slices: clock, heat and throttling, which they share.
 * Power, energy and utilisation are the board’s own and its neighbours’ as much as the slice’s.
 */
export function sharedFigures({ clockMhz, temperatureCelsius, throttleReasons }: Figures): Figures {
  return {
    ...(clockMhz === undefined ? {} : { clockMhz }),
    ...(temperatureCelsius === undefined ? {} : { temperatureCelsius }),
    ...(throttleReasons === undefined ? {} : { throttleReasons }),
  }
}

/** A whole device’s reading as it is; a board’s as those of its slices. */
export function perSlice(
  reading: DeviceReading,
  slices: ReadonlyMap<string, readonly { readonly uuid: string }[]>,
): readonly DeviceReading[] {
  const mine = slices.get(reading.device)
  if (mine === undefined) return [reading]
  return mine.map(({ uuid }) => ({ at: reading.at, device: uuid, ...sharedFigures(reading) }))
}
