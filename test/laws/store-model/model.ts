import type { SweepState, TrialPurpose, TrialState } from '../../../shared/domain/trial.js'
import type { PastRow } from '../../../shared/domain/past.js'
import type { BlockKind } from './world.js'

/**
 * The state machine without a database: small enough to be seen to be right. Its time is seconds that
 * never jump, whatever the wall clock does.
 */
export interface ModelSweep {
  readonly id: string
  readonly name: string
  state: SweepState
  text: string
  endedAt: number | undefined
  activeSeconds: number
  hardware: readonly string[] | undefined
  claimed: number | undefined
  readonly earlierTexts: string[]
  readonly past: readonly PastRow[]
  readonly curve: number[]
  readonly calls: number[]
}

export interface ModelTrial {
  readonly id: string
  readonly sweep: ModelSweep
  readonly index: number
  readonly kind: BlockKind
  readonly purpose: TrialPurpose
  readonly attempt: number
  readonly restsUntil: number
  readonly avoids: string | undefined
  state: TrialState
  token: number | undefined
  agent: string | undefined
  startedAt: number
  code: string | undefined
  dropped: boolean
  measured: boolean
  deviceSeconds: number
  /** Samples by the token they came under. */
  readonly samples: Map<number, number>
  readings: number
}

export interface ModelLease {
  readonly leaseId: string
  readonly token: number
  readonly agent: string
  readonly sweep: ModelSweep
  readonly kind: BlockKind
  /** For the reference of a completed sweep: starts of engines are no cost of the sweep. */
  readonly verifies: boolean
  held: boolean
}

export interface ModelAgent {
  readonly name: string
  deviceCount: number
  acknowledged: number
  readonly receipts: Map<number, readonly string[]>
}

interface Spent {
  readonly token: number
  readonly at: number
  readonly deviceSeconds: number
}

export interface Model {
  now: number
  readonly agents: readonly ModelAgent[]
  readonly sweeps: ModelSweep[]
  readonly trials: ModelTrial[]
  readonly leases: ModelLease[]
  /** Estimates, by trial and token. */
  readonly losses: Map<string, { readonly trial: ModelTrial; deviceSeconds: number }>
  readonly cuts: (Spent & { readonly trial: ModelTrial })[]
  readonly starts: (Spent & { readonly lease: ModelLease; readonly charged: boolean })[]
}

export const newModel = (agents: readonly ModelAgent[]): Model => ({
  ...{ now: 0, agents },
  ...{ sweeps: [], trials: [], leases: [], losses: new Map(), cuts: [], starts: [] },
})

export const live: readonly TrialState[] = ['QUEUED', 'LEASED', 'RUNNING']
export const inFlight: readonly TrialState[] = ['LEASED', 'RUNNING']
export const isLive = ({ state }: ModelTrial): boolean => live.includes(state)
export const isInFlight = ({ state }: ModelTrial): boolean => inFlight.includes(state)
/** Its result is welcome under this token. */
export const holds = (trial: ModelTrial, token: number): boolean =>
  isLive(trial) && trial.token === token

const lossKey = (trial: ModelTrial, token: number) => `${trial.id} ${token}`

export function forgetLoss(model: Model, trial: ModelTrial, token: number): void {
  model.losses.delete(lossKey(trial, token))
}

/** What a running trial has cost that nobody has told; undefined when its agent told that it was cut. */
export function untold(model: Model, trial: ModelTrial): number | undefined {
  const { token, startedAt, kind } = trial
  const since = (spent: Spent) => spent.token === token && spent.at >= startedAt
  if (model.cuts.some((cut) => cut.trial === trial && since(cut))) return undefined
  const started = model.starts
    .filter(since)
    .reduce((sum, { deviceSeconds }) => sum + deviceSeconds, 0)
  return Math.max(0, (model.now - startedAt) * kind.devices - started)
}

/** A running trial is lost to its lease: it is charged what it cost until now. */
export function lose(model: Model, trial: ModelTrial): void {
  const deviceSeconds = untold(model, trial)
  const { token } = trial
  if (deviceSeconds === undefined || token === undefined) return
  const key = lossKey(trial, token)
  if (!model.losses.has(key)) model.losses.set(key, { trial, deviceSeconds })
}

/** Device-seconds that a sweep is charged, by hardware; verification is no cost of the sweep. */
export function chargedTo(model: Model, sweep: ModelSweep): Record<string, number> {
  const sums: Record<string, number> = {}
  const add = (hardware: string, seconds: number) => {
    sums[hardware] = (sums[hardware] ?? 0) + seconds
  }
  const own = ({ sweep: of, purpose }: ModelTrial) => of === sweep && purpose !== 'verify'
  for (const trial of model.trials.filter(own)) add(trial.kind.hardware, trial.deviceSeconds)
  for (const { trial, deviceSeconds } of [...model.losses.values(), ...model.cuts]) {
    if (own(trial)) add(trial.kind.hardware, deviceSeconds)
  }
  for (const { lease, charged, deviceSeconds } of model.starts) {
    if (charged && lease.sweep === sweep) add(lease.kind.hardware, deviceSeconds)
  }
  return sums
}
