import fc from 'fast-check'
import { expect } from 'vitest'
import type { TrialPurpose, TrialState } from '../../../shared/domain/trial.js'
import { forgetLoss, holds, isInFlight, live, lose, untold } from './model.js'
import type { Model, ModelLease, ModelTrial } from './model.js'
import { choice, pick, Transition } from './step.js'
import type { Step } from './step.js'
import { configurationOf, kindOf, measurement } from './world.js'
import type { Real } from './world.js'

const classOf = (purpose: TrialPurpose) =>
  purpose === 'explore' || purpose === 'audit' ? 'survey' : purpose
type Fate = 'state' | 'token' | 'agent' | 'startedAt' | 'code' | 'dropped' | 'measured'
const untried: Pick<ModelTrial, Fate | 'deviceSeconds' | 'readings'> = {
  ...{ state: 'QUEUED', token: undefined, agent: undefined, startedAt: 0, code: undefined },
  ...{ dropped: false, measured: false, deviceSeconds: 0, readings: 0 },
}

const queue =
  (number: number, index: number, purpose: TrialPurpose): Step =>
  (model, { store, clock }) => {
    const sweep = pick(model.sweeps, number)
    if (sweep === undefined) return
    const rivals = model.trials.filter(
      (trial) =>
        trial.sweep === sweep &&
        trial.index === index &&
        classOf(trial.purpose) === classOf(purpose),
    )
    const blocking =
      purpose === 'repeat' ? live : [...live, 'SUCCEEDED' as const, 'INFEASIBLE' as const]
    const blocked = rivals.some(({ state }) => blocking.includes(state))
    const trial = store.queueTrial({
      ...{ sweepId: sweep.id, index, configuration: configurationOf(index), purpose },
      ...{ why: '', seed: 1, queuedAt: clock.wall() },
    })
    expect(trial === undefined).toBe(blocked)
    if (trial === undefined) return
    model.trials.push({
      ...{ id: trial.trialId, sweep, index, kind: kindOf(index), purpose, attempt: 1 },
      ...{ restsUntil: 0, avoids: undefined, samples: new Map(), ...untried },
    })
  }

interface Scene {
  readonly model: Model
  readonly real: Real
  readonly trial: ModelTrial
  readonly lease: ModelLease
}
type Act = (scene: Scene) => void
interface Deed {
  readonly act: Act
  /** How often it comes beside the others. */
  readonly weight: number
  /** May it be legal on such a trial. */
  readonly meant: (trial: ModelTrial) => boolean
}

/**
 * Mostly on a trial that the act may be meant for, under its own lease or, still QUEUED, one that may be
 * given it; now and then on any trial under any lease.
 */
const onTrial =
  (trialNumber: number, leaseNumber: number, deed: Deed | undefined): Step =>
  (model, real) => {
    if (deed === undefined) return
    const { act, meant } = deed
    const meaning = model.trials.filter(
      (trial) => meant(trial) && leasesFor(model, trial).length > 0,
    )
    const anyTrial = trialNumber % 5 === 0 || meaning.length === 0
    const trial = pick(anyTrial ? model.trials : meaning, trialNumber)
    if (trial === undefined) return
    const likely = leasesFor(model, trial)
    const anyLease = leaseNumber % 5 === 0 || likely.length === 0
    const lease = pick(anyLease ? model.leases : likely, leaseNumber)
    if (lease !== undefined) act({ model, real, trial, lease })
  }

const leasesFor = (model: Model, trial: ModelTrial) =>
  model.leases.filter(({ held, sweep, kind, token }) =>
    trial.token === undefined
      ? held && sweep === trial.sweep && kind === trial.kind
      : trial.token === token,
  )

const lease: Act = ({ real: { store }, trial, lease: given }) => {
  const fits = given.sweep === trial.sweep && given.kind === trial.kind
  const legal = trial.state === 'QUEUED' && given.held && fits
  expect(store.leaseTrial(trial.id, given)).toBe(legal)
  if (legal) Object.assign(trial, { state: 'LEASED', token: given.token, agent: given.agent })
}
const start: Act = ({ model, real: { store, clock }, trial, lease: { token } }) => {
  const legal = trial.state === 'LEASED' && trial.token === token
  expect(store.startTrial(trial.id, token, clock.wall())).toBe(legal)
  if (legal) Object.assign(trial, { state: 'RUNNING', startedAt: model.now })
}
const restart: Act = ({ model, real: { store, clock }, trial, lease: { token } }) => {
  const legal = trial.state === 'RUNNING' && trial.token === token
  expect(store.restartTrial(trial.id, token, clock.wall())).toBe(legal)
  if (!legal) return
  const deviceSeconds = untold(model, trial)
  if (deviceSeconds !== undefined) {
    model.cuts.push({ trial, token, at: trial.startedAt - 0.001, deviceSeconds })
  }
  trial.startedAt = model.now
}

/** The end of a trial: what it was charged as lost gives way to what it cost. */
function ended(
  { model, trial, lease: { token } }: Scene,
  end: Pick<ModelTrial, 'state' | 'deviceSeconds'> & Partial<ModelTrial>,
): void {
  Object.assign(trial, end)
  forgetLoss(model, trial, token)
}
const succeed: Act = (scene) => {
  const { real, trial, lease: given } = scene
  const legal = holds(trial, given.token)
  const at = real.clock.wall()
  expect(real.store.succeedTrial(trial.id, given.token, measurement, at)).toBe(legal)
  const { deviceSeconds } = measurement
  if (legal) ended(scene, { state: 'SUCCEEDED', deviceSeconds, measured: true })
}
const infeasible: Act = (scene) => {
  const { real, trial, lease: given } = scene
  const legal = holds(trial, given.token)
  const cost = { deviceSeconds: 3, at: real.clock.wall() }
  expect(real.store.closeInfeasible(trial.id, given.token, 'no', cost)).toBe(legal)
  if (legal) ended(scene, { state: 'INFEASIBLE', deviceSeconds: 3 })
}
const failureOf = (code: string, real: Real) => ({
  ...{ code, reason: 'x', cost: { deviceSeconds: 2, at: real.clock.wall() } },
  ...(code === 'INVALID' ? { measurement } : {}),
})
const fail =
  (code: string): Act =>
  (scene) => {
    const { model, real, trial, lease: given } = scene
    const legal = holds(trial, given.token)
    const rest = 30
    const avoidAgent = given.agent
    const retry = { notBefore: real.clock.wall() + rest * 1000, avoidAgent, seed: 2 }
    const failure = failureOf(code, real)
    const successor = real.store.failTrial(trial.id, given.token, failure, retry)
    expect(successor !== undefined).toBe(legal)
    if (successor === undefined) return
    ended(scene, { state: 'FAILED', deviceSeconds: 2, code, measured: code === 'INVALID' })
    expect(successor.retryOf).toBe(trial.id)
    const { sweep, index, kind, purpose } = trial
    model.trials.push({
      ...{ id: successor.trialId, sweep, index, kind, purpose, attempt: trial.attempt + 1 },
      ...{ restsUntil: model.now + rest, avoids: avoidAgent, samples: new Map(), ...untried },
    })
  }
const giveUp =
  (code: string): Act =>
  (scene) => {
    const { model, real, trial, lease: given } = scene
    const legal = holds(trial, given.token)
    const failure = failureOf(code, real)
    expect(real.store.giveUpTrial(trial.id, given.token, failure)).toBe(legal)
    if (legal) {
      ended(scene, { state: 'ABANDONED', deviceSeconds: 2, code, measured: code === 'INVALID' })
    }
    const spent = model.trials.filter(
      ({ state, dropped, purpose, sweep }) =>
        sweep === trial.sweep && state === 'ABANDONED' && !dropped && classOf(purpose) === 'survey',
    )
    const indices = [...real.store.abandonedIndices(trial.sweep.id)].sort()
    expect(indices).toEqual([...new Set(spent.map(({ index }) => index))].sort())
  }

/** What a trial cost that brought nothing, under a lease that may be long over. */
const cut: Act = ({ model, real: { store, clock }, trial, lease: given }) => {
  const over = !live.includes(trial.state) && !trial.dropped && trial.token === given.token
  const legal = given.sweep === trial.sweep && given.kind === trial.kind && !over
  const cost = { deviceSeconds: 4, at: clock.wall() }
  expect(store.cutTrial(trial.id, given, cost)).toBe(legal)
  expect(store.cutTrial(trial.id, { ...given, token: given.token + 1 }, cost)).toBe(false)
  if (!legal) return
  model.cuts.push({ trial, token: given.token, at: model.now, deviceSeconds: 4 })
  forgetLoss(model, trial, given.token)
}
const chargeDropped: Act = (scene) => {
  const { real, trial, lease: given } = scene
  const legal = trial.dropped && trial.deviceSeconds === 0 && trial.token === given.token
  const cost = { deviceSeconds: 6, at: real.clock.wall() }
  expect(real.store.chargeDropped(trial.id, given.token, cost)).toBe(legal)
  if (legal) ended(scene, { state: 'ABANDONED', deviceSeconds: 6 })
}
const keepRefused: Act = ({ real: { store }, trial, lease: { token } }) => {
  const waits = trial.state === 'FAILED' && trial.code === 'REPORT_REFUSED' && !trial.measured
  const legal = waits && trial.token === token
  expect(store.keepRefused(trial.id, token, measurement)).toBe(legal)
  if (legal) Object.assign(trial, { measured: true, deviceSeconds: measurement.deviceSeconds })
}

const drop =
  (number: number, verify: boolean, alsoInFlight: boolean): Step =>
  (model, { store, clock }) => {
    const sweep = pick(model.sweeps, number)
    if (sweep === undefined) return
    const wanted = model.trials.filter(
      (trial) =>
        trial.sweep === sweep &&
        (trial.purpose === 'verify') === verify &&
        (trial.state === 'QUEUED' || (alsoInFlight && isInFlight(trial))),
    )
    const which = { verify, inFlight: alsoInFlight }
    const dropped = store.dropTrials(sweep.id, which, 'dropped', clock.wall())
    expect(dropped.map(({ trialId }) => trialId).sort()).toEqual(wanted.map(({ id }) => id).sort())
    for (const trial of wanted) {
      if (trial.state === 'RUNNING') lose(model, trial)
      Object.assign(trial, { state: 'ABANDONED', dropped: true })
    }
  }

const inState =
  (...states: readonly TrialState[]) =>
  ({ state }: ModelTrial) =>
    states.includes(state)
const waits = ({ state, token }: ModelTrial) => state === 'QUEUED' && token === undefined
const deeds: Readonly<Record<string, Deed>> = {
  lease: { act: lease, weight: 5, meant: waits },
  'lease anew': { act: lease, weight: 1, meant: inState('QUEUED') },
  start: { act: start, weight: 6, meant: inState('LEASED') },
  restart: { act: restart, weight: 1, meant: inState('RUNNING') },
  succeed: { act: succeed, weight: 1, meant: inState('QUEUED', 'RUNNING') },
  infeasible: { act: infeasible, weight: 1, meant: inState('QUEUED', 'RUNNING') },
  cut: { act: cut, weight: 2, meant: inState('RUNNING', 'QUEUED', 'ABANDONED') },
  'charge dropped': {
    act: chargeDropped,
    weight: 2,
    meant: ({ dropped, token }) => dropped && token !== undefined,
  },
  'keep refused': { act: keepRefused, weight: 3, meant: ({ code }) => code === 'REPORT_REFUSED' },
  'fail for its engine': { act: fail('ENGINE_FAILED'), weight: 1, meant: inState('RUNNING') },
  'fail for its doubts': { act: fail('INVALID'), weight: 1, meant: inState('RUNNING') },
  'fail refused': { act: fail('REPORT_REFUSED'), weight: 1, meant: inState('RUNNING') },
  'give up for its engine': { act: giveUp('ENGINE_FAILED'), weight: 1, meant: inState('RUNNING') },
  'give up for its doubts': { act: giveUp('INVALID'), weight: 1, meant: inState('RUNNING') },
}
const deedName = fc.oneof(
  ...Object.entries(deeds).map(([name, { weight }]) => ({ weight, arbitrary: fc.constant(name) })),
)

/** One in flight in three is dropped with what waits. */
const alsoInFlight = fc.constantFrom(true, false, false)

export const trialSteps = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(choice, fc.nat(7), fc.constantFrom('explore', 'audit', 'repeat', 'verify'))
      .map(([s, index, purpose]) => new Transition(`queue ${index}`, queue(s, index, purpose))),
  },
  {
    weight: 25,
    arbitrary: fc
      .tuple(deedName, choice, choice)
      .map(([name, t, l]) => new Transition(`${name} ${t} under ${l}`, onTrial(t, l, deeds[name]))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(choice, fc.boolean(), alsoInFlight)
      .map(
        ([s, verify, all]) => new Transition(`drop ${s} ${verify} ${all}`, drop(s, verify, all)),
      ),
  },
)
