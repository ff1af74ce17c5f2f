import type { TelemetryReading } from '../../shared/domain/sample.js'
import type { Host } from './host.js'

/**
 * A host as it looks from some of its devices: only these are locked, read and counted. The host
 * itself where the devices are all it has, or none that it knows (an agent that claims others).
 *
 * @param siblings processes of the same agent’s engines on other devices: no strangers here.
 */
export function onDevices(
  host: Host,
  devices: readonly string[],
  siblings: () => readonly number[],
): Host {
  const mine = host.deviceIds.filter((id) => devices.includes(id))
  if (mine.length === 0 || mine.length === host.deviceIds.length) return host
  const seen = ({ device }: TelemetryReading) => device === 'cpu' || mine.includes(device)
  const { environment } = host
  return {
    ...host,
    environment: {
      ...environment,
      devices: environment.devices.filter(({ id }) => mine.includes(id)),
    },
    deviceIds: mine,
    quiet: (signal, onWait) => host.quiet(signal, onWait, mine),
    watch(processIds, onReading) {
      const watch = host.watch(processIds, (reading) => {
        if (seen(reading)) onReading(reading)
      })
      return {
        ...watch,
        deviceIds: mine,
        readings: (from, to) => watch.readings(from, to).filter(seen),
        around: (from, to) => watch.around(from, to).filter(seen),
      }
    },
    preFlight: (pids, signal) => host.preFlight([...pids, ...siblings()], signal, mine),
    foreignProcesses: (pids, since) => host.foreignProcesses([...pids, ...siblings()], since, mine),
  }
}
