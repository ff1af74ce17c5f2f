import type { Doubt } from '../../shared/domain/measurement.js'
import { median } from '../../shared/stats/quantile.js'
import { judgeDevices } from '../host/device-noise.js'
import { disturbanceBetween, judgeDisturbance } from '../host/noise.js'
import type { Disturbance } from '../host/noise.js'
import type { Observed, TrialContext } from './trial-context.js'

/**
 * Doubts about the host during a trial’s windows. A share is the median over windows, as the values
 * are: one disturbed repetition of three moves neither.
 *
 * @param foreign processes on the devices that are not the engine’s; undefined when unknown.
 */
export function judgeHost(
  windows: readonly Observed[],
  context: TrialContext,
  foreign: readonly number[] | undefined,
): Doubt[] {
  const disturbances = windows.map(({ before, after }) =>
    disturbanceBetween(before, after, context.cpuCount),
  )
  const typical = (field: keyof Disturbance) => {
    const shares = disturbances.map((each) => each[field]).filter((share) => share !== undefined)
    return shares.length === 0 ? {} : { [field]: median(shares) }
  }
  const disturbance: Disturbance = {
    ...typical('engineWait'),
    ...typical('clientWait'),
    // A remote engine’s host may be this one: what it uses is its own, and only a wait would matter.
    ...(context.engine.processIds.length === 0 ? {} : typical('foreignCpu')),
    ...typical('steal'),
  }
  const deviceWindows = windows.map(({ before, after }) => ({
    from: before.wall,
    to: after.wall,
    readings: context.watch.readings(before, after),
  }))
  return [
    ...judgeDisturbance(disturbance, context.thresholds, context.engine.processIds.length === 0),
    ...judgeDevices(deviceWindows, context.watch.deviceIds),
    ...neighbourDoubts(context.neighbours),
    ...judgeForeign(foreign ?? [], context.engine.processIds.length === 0),
  ]
}

/** A server that is attached to cannot be told from a stranger on the same host: it is only said. */
export function judgeForeign(foreign: readonly number[], remoteEngine: boolean): Doubt[] {
  if (foreign.length === 0) return []
  const who = `processes ${foreign.join(', ')} used the device`
  return [
    remoteEngine
      ? { kind: 'foreign_process', severity: 'marked', detail: `${who}; one may be the engine` }
      : { kind: 'foreign_process', severity: 'invalid', detail: who },
  ]
}

/** Another agent has devices of its own, but shares CPUs, buses and power with this one. */
export function neighbourDoubts(neighbours: ReadonlyMap<string, string>): Doubt[] {
  if (neighbours.size === 0) return []
  const words = [...neighbours].map(([device, agent]) => `${agent} on ${device}`)
  return [
    {
      kind: 'neighbour_active',
      severity: 'marked',
      detail: `measuring on the same host meanwhile: ${words.join(', ')}`,
    },
  ]
}
