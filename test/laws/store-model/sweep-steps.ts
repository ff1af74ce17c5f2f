import fc from 'fast-check'
import { expect } from 'vitest'
import type { PlannerCall } from '../../../coordinator/dispatch/store-records.js'
import type { PlanStatus } from '../../../coordinator/plan/planner.js'
import { sweepStates } from '../../../shared/domain/trial.js'
import type { SweepState } from '../../../shared/domain/trial.js'
import type { Model, ModelSweep } from './model.js'
import { choice, pick, Transition } from './step.js'
import type { Step } from './step.js'
import { configurationOf, newSweep } from './world.js'
import type { Real } from './world.js'

/** Where pausing, resuming, ending and failing may lead. A completed sweep only goes on extended. */
const moves: Readonly<Record<SweepState, readonly SweepState[]>> = {
  RUNNING: ['PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED'],
  PAUSED: ['RUNNING', 'CANCELLED'],
  FAILED: ['RUNNING', 'CANCELLED'],
  COMPLETED: [],
  CANCELLED: [],
}
const isOver = (state: SweepState) => state !== 'RUNNING' && state !== 'PAUSED'

const submit =
  (name: string, text: string): Step =>
  (model, { store, clock }) => {
    const values = { ttft: { value: 0.1, relativeSd: 0.01 } }
    const past = [{ origin: text, configuration: configurationOf(0), values, cost: 1 }]
    const sweep = store.insertSweep({ name, text, createdAt: clock.wall(), past })
    const taken = model.sweeps.some((each) => each.name === name)
    expect(sweep === undefined).toBe(taken)
    if (sweep !== undefined) model.sweeps.push(newSweep(sweep.sweepId, name, text, past))
  }

type Act = (sweep: ModelSweep, real: Real, model: Model) => void

const onSweep =
  (number: number, act: Act): Step =>
  (model, real) => {
    const sweep = pick(model.sweeps, number)
    if (sweep !== undefined) act(sweep, real, model)
  }

const move =
  (from: readonly SweepState[], to: SweepState): Act =>
  (sweep, { store, clock }, model) => {
    const legal = from.includes(sweep.state) && moves[sweep.state].includes(to)
    const note = { reason: 'why', goalReached: false, at: clock.wall() }
    expect(store.moveSweep(sweep.id, from, to, note)).toBe(legal)
    if (!legal) return
    sweep.state = to
    sweep.endedAt = isOver(to) ? model.now : undefined
  }

const extend =
  (text: string): Act =>
  (sweep, { store, clock }) => {
    const legal = sweep.state !== 'CANCELLED' && sweep.text !== text
    expect(store.extendSweep(sweep.id, text, clock.wall())).toBe(legal)
    if (legal) {
      sweep.earlierTexts.push(sweep.text)
      Object.assign(sweep, { text, state: 'RUNNING', endedAt: undefined })
    }
    expect(store.earlierTexts(sweep.id)).toEqual(sweep.earlierTexts)
  }

const fixHardware =
  (hardware: readonly string[]): Act =>
  (sweep, { store }) => {
    store.fixHardware(sweep.id, hardware)
    sweep.hardware ??= hardware
  }

/** What a sweep claims, told apart by one number. */
const claim =
  (configurations: number): Act =>
  (sweep, { store }) => {
    const fullGridDeviceSeconds = { value: 1, low: 1, high: 1 }
    const counts = { measured: 0, audits: 0, infeasible: 0 }
    const status: PlanStatus = { configurations, accuracy: [], fullGridDeviceSeconds, ...counts }
    const legal = sweep.state !== 'COMPLETED'
    expect(store.savePlanStatus(sweep.id, status)).toBe(legal)
    if (legal) sweep.claimed = configurations
    store.addCurvePoint(sweep.id, { deviceSeconds: 1, measured: configurations, accuracy: [] })
    sweep.curve.push(configurations)
    expect(store.curve(sweep.id).map(({ measured }) => measured)).toEqual(sweep.curve)
  }

const age: Act = (sweep, { store }) => {
  store.addActiveSeconds(sweep.id, 2)
  if (sweep.state === 'RUNNING') sweep.activeSeconds += 2
}

const find: Act = (sweep, { store }, model) => {
  expect(store.pastOf(sweep.id)).toEqual(sweep.past)
  const measured = model.trials.filter(
    (trial) => trial.sweep === sweep && trial.state === 'SUCCEEDED',
  )
  expect(store.measuredRows(sweep.id, 1000).length).toBe(measured.length)
  expect(store.findSweep(sweep.id)?.name).toBe(sweep.name)
  expect(store.findSweep(sweep.name)?.sweepId).toBe(sweep.id)
  expect(store.findSweep('another')).toBeUndefined()
}

/** Numbers of planner calls are used once, and read in order. */
const plan =
  (number: number): Act =>
  (sweep, { store }) => {
    const call: PlannerCall = { kind: 'remove', index: number }
    const append = () => store.appendPlannerCall(sweep.id, number, call)
    if (sweep.calls.includes(number)) expect(append).toThrow(/UNIQUE/)
    else {
      append()
      sweep.calls.push(number)
    }
    const sorted = [...sweep.calls].sort((a, b) => a - b)
    expect(store.plannerCalls(sweep.id, 0, 100).map((each) => each.number)).toEqual(sorted)
    expect(store.lastPlannerCall(sweep.id)).toBe(sorted.at(-1) ?? 0)
  }

const act = (arbitrary: fc.Arbitrary<readonly [string, Act]>) =>
  fc
    .tuple(choice, arbitrary)
    .map(([number, [name, done]]) => new Transition(`${name} ${number}`, onSweep(number, done)))
const text = fc.constantFrom('first', 'second', 'third')

export const sweepSteps: fc.Arbitrary<Transition>[] = [
  fc
    .tuple(fc.constantFrom('one', 'two'), text)
    .map(([name, file]) => new Transition(`submit ${name}`, submit(name, file))),
  act(
    fc
      .tuple(fc.subarray([...sweepStates], { minLength: 1 }), fc.constantFrom(...sweepStates))
      .map(([from, to]) => [`move ${from.join()} -> ${to}`, move(from, to)]),
  ),
  act(fc.constant(['pause', move(['RUNNING'], 'PAUSED')])),
  act(fc.constant(['resume', move(['PAUSED', 'FAILED'], 'RUNNING')])),
  act(text.map((file) => [`extend to ${file}`, extend(file)])),
  act(fc.constantFrom(['cpu'], ['cpu', 'H100']).map((all) => ['fix hardware', fixHardware(all)])),
  act(fc.nat(9).map((number) => [`claim ${number}`, claim(number)])),
  act(fc.constantFrom<[string, Act]>(['age', age], ['find', find])),
  act(fc.integer({ min: 1, max: 9 }).map((number) => [`plan ${number}`, plan(number)])),
]
