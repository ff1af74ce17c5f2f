import type { Doubt, DoubtKind } from '../../shared/domain/measurement.js'
import type { HostSnapshot } from './host-watch.js'

/** How much of a window something unwanted took: a share of wall time, 0..1. */
interface Threshold {
  /** Above: shown beside the number for ever. */
  readonly marked: number
  /** Above: the number cannot be defended; the trial is measured again. */
  readonly invalid: number
}

/** What is tolerated before a measurement is doubted; each row says why. */
export interface NoiseThresholds {
  readonly engineStarved: Threshold
  readonly hostBusy: Threshold
  readonly steal: Threshold
  readonly clientStarved: Threshold
}

export const defaultThresholds: NoiseThresholds = {
  /**
   * Wait of the engine’s busiest thread for a CPU / wall time. The wait lengthens latencies by just
   * that share: 5 % is the default precision of a trial, 15 % moves a value beyond any use.
   */
  engineStarved: { marked: 0.05, invalid: 0.15 },
  /**
   * CPU used by others / all CPUs. On its own it moves nothing while a core is free, so it is only
   * ever marked where the engine’s own wait is known; where it is not, a host this full must have
   * made the engine wait.
   */
  hostBusy: { marked: 0.25, invalid: 0.6 },
  /** CPU taken by the hypervisor / all CPUs: it stops engine and client alike, unseen by both. */
  steal: { marked: 0.03, invalid: 0.1 },
  /** Wait of the agent’s busiest thread for a CPU / wall time: it delays every time that is taken. */
  clientStarved: { marked: 0.05, invalid: 0.25 },
}

/** What disturbed one window; each a share of wall time, absent where the host cannot tell. */
export interface Disturbance {
  readonly engineWait?: number
  readonly clientWait?: number
  /** CPU used by neither engine nor this process, over all CPUs. */
  readonly foreignCpu?: number
  readonly steal?: number
}

export function disturbanceBetween(
  before: HostSnapshot,
  after: HostSnapshot,
  cpuCount: number,
): Disturbance {
  const wall = after.at - before.at
  if (!(wall > 0)) return {}
  const { engine: engineBefore, own: ownBefore, host: hostBefore } = before
  const { engine, own, host } = after
  const share = (seconds: number) => Math.max(0, seconds / wall)
  const engineRan =
    engine === undefined || engineBefore === undefined
      ? undefined
      : engine.ranSeconds - engineBefore.ranSeconds
  const ownRan =
    own === undefined || ownBefore === undefined ? undefined : own.ranSeconds - ownBefore.ranSeconds
  const busy =
    host === undefined || hostBefore === undefined
      ? undefined
      : host.busySeconds - hostBefore.busySeconds
  return {
    ...(engine === undefined || engineBefore === undefined
      ? {}
      : { engineWait: share(engine.busiestWaitedSeconds - engineBefore.busiestWaitedSeconds) }),
    ...(own === undefined || ownBefore === undefined
      ? {}
      : { clientWait: share(own.busiestWaitedSeconds - ownBefore.busiestWaitedSeconds) }),
    ...(busy === undefined || ownRan === undefined
      ? {}
      : { foreignCpu: share(busy - (engineRan ?? 0) - ownRan) / cpuCount }),
    ...(host === undefined || hostBefore === undefined
      ? {}
      : { steal: share(host.stealSeconds - hostBefore.stealSeconds) / cpuCount }),
  }
}

/** True when one repetition was disturbed beyond use: it is set aside and done again. */
export function spoiled(disturbance: Disturbance, thresholds: NoiseThresholds): boolean {
  return (
    (disturbance.engineWait ?? 0) > thresholds.engineStarved.invalid ||
    (disturbance.steal ?? 0) > thresholds.steal.invalid ||
    (disturbance.clientWait ?? 0) > thresholds.clientStarved.invalid
  )
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

export function judgeShare(
  kind: DoubtKind,
  share: number | undefined,
  threshold: Threshold,
  words: string,
): Doubt[] {
  if (share === undefined || share <= threshold.marked) return []
  const invalid = share > threshold.invalid
  const limit = invalid ? threshold.invalid : threshold.marked
  return [
    {
      kind,
      severity: invalid ? 'invalid' : 'marked',
      detail: `${words} ${percent(share)} of the time; above ${percent(limit)} it is ${
        invalid ? 'not trusted' : 'said'
      }`,
    },
  ]
}

/** Doubts about a trial whose windows were disturbed like this (the median over its repetitions). */
export function judgeDisturbance(
  disturbance: Disturbance,
  thresholds: NoiseThresholds,
  remoteEngine: boolean,
): Doubt[] {
  const { engineWait, clientWait, foreignCpu, steal } = disturbance
  // A remote engine does not run here: only what delays the client matters.
  const hostBusy =
    engineWait === undefined && !remoteEngine
      ? thresholds.hostBusy
      : { ...thresholds.hostBusy, invalid: Infinity }
  return [
    ...judgeShare(
      'engine_starved',
      engineWait,
      thresholds.engineStarved,
      'the engine’s busiest thread waited for a CPU',
    ),
    ...judgeShare(
      'client_saturated',
      clientWait,
      thresholds.clientStarved,
      'the load generator waited for a CPU',
    ),
    ...judgeShare('host_busy', foreignCpu, hostBusy, 'other processes used the host’s CPUs'),
    ...judgeShare('host_busy', steal, thresholds.steal, 'the hypervisor held the host’s CPUs'),
  ]
}
