import fc from 'fast-check'
import { expect } from 'vitest'
import { chargedTo, isInFlight, isLive } from './model.js'
import type { Model, ModelSweep, ModelTrial } from './model.js'
import type { Real } from './world.js'

/** What one command does to both; it may be illegal, and then nothing may happen. */
export type Step = (model: Model, real: Real) => void

/** Seconds that pass before every step. */
const stepSeconds = 7

/** One step with a name to be told by when it breaks a law. */
export class Transition {
  readonly #name: string
  readonly #step: Step

  constructor(name: string, step: Step) {
    this.#name = name
    this.#step = step
  }

  run(model: Model, real: Real): void {
    model.now += stepSeconds
    real.clock.jump(stepSeconds)
    this.#step(model, real)
    compare(model, real)
  }

  toString(): string {
    return this.#name
  }
}

export const choice = fc.nat(99)
export const pick = <T>(items: readonly T[], number: number): T | undefined =>
  items[number % items.length]

/** Everything must be where the model says. */
function compare(model: Model, { store }: Real): void {
  for (const trial of model.trials) {
    const { state, attempt, index, deviceSeconds, code } = trial
    const stored = store.findTrial(trial.id)
    expect(stored).toMatchObject({ state, attempt, index, deviceSeconds })
    expect(stored?.code).toBe(code)
    expect(stored?.measurement !== undefined).toBe(trial.measured)
    const samples = trial.token === undefined ? 0 : (trial.samples.get(trial.token) ?? 0)
    if (trial.samples.size > 0) expect(store.samplesOf(trial.id)).toHaveLength(samples)
    if (trial.readings > 0) expect(store.telemetryOf(trial.id)).toHaveLength(trial.readings)
  }
  const held = model.leases.filter((lease) => lease.held)
  expect(store.heldLeases().map(({ leaseId }) => leaseId)).toEqual(held.map((each) => each.leaseId))
  const stored = store.listSweeps()
  expect(stored).toHaveLength(model.sweeps.length)
  for (const [place, sweep] of model.sweeps.entries()) {
    const { state, text, activeSeconds, hardware } = sweep
    expect(stored[place]).toMatchObject({ state, text, activeSeconds })
    expect(stored[place]?.hardware).toEqual(hardware)
    expect(stored[place]?.planStatus?.configurations).toBe(sweep.claimed)
    expect(stored[place]?.endedAt !== undefined).toBe(sweep.endedAt !== undefined)
    compareTotals(model, sweep, store.totals(sweep.id))
    const waits = ({ sweep: of, purpose }: ModelTrial) => of === sweep && purpose !== 'verify'
    const { queued, inFlight } = store.liveTrials(sweep.id)
    expect(queued + inFlight).toBe(model.trials.filter(waits).filter(isLive).length)
  }
}

type Totals = ReturnType<Real['store']['totals']>

function compareTotals(model: Model, sweep: ModelSweep, totals: Totals): void {
  const all = model.trials.filter((trial) => trial.sweep === sweep)
  const own = all.filter(({ purpose }) => purpose !== 'verify')
  const verify = all.filter(({ purpose }) => purpose === 'verify')
  const ended = own.filter((trial) => !isLive(trial) && !trial.dropped)
  const unsuccessful = ended.filter(({ state }) => state === 'FAILED' || state === 'ABANDONED')
  const done = own.filter(({ state }) => state === 'SUCCEEDED')
  const starts = model.starts.filter(({ lease, charged }) => charged && lease.sweep === sweep)
  expect(totals).toMatchObject({
    measured: new Set(done.map(({ index }) => index)).size,
    audits: done.filter(({ purpose }) => purpose === 'audit').length,
    infeasible: own.filter(({ state }) => state === 'INFEASIBLE').length,
    invalid: unsuccessful.filter(({ code }) => code === 'INVALID').length,
    failed: unsuccessful.filter(({ code }) => code !== 'INVALID').length,
    pending: own.filter(isLive).length,
    inFlight: own.filter(isInFlight).length,
    attempts: ended.length,
    engineStarts: starts.length,
    verifyOrdered: verify.filter((trial) => isLive(trial) || trial.state === 'SUCCEEDED').length,
    verifyMeasured: verify.filter(({ state }) => state === 'SUCCEEDED').length,
  })
  const charged = chargedTo(model, sweep)
  for (const hardware of ['cpu', 'H100']) {
    const seconds = totals.deviceSecondsByHardware[hardware] ?? 0
    expect(seconds).toBeCloseTo(charged[hardware] ?? 0, 6)
  }
}
