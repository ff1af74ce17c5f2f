import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Store } from '../../coordinator/dispatch/store-port.js'
import { openMemoryStore, openStore } from '../../coordinator/store/open-store.js'
import { blockOf } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { HeldLease } from '../../shared/domain/lease.js'
import type { TrialPurpose, TrialState } from '../../shared/domain/trial.js'
import { FakeClock } from '../../shared/process/clock.js'
import { silentLog } from '../fixtures/dispatch-bench.js'
import { agentFacts, measurementOf } from '../fixtures/fake-agent.js'

/** The state machine without a database: small enough to be seen to be right. */
interface ModelTrial {
  readonly id: string
  readonly index: number
  readonly purpose: TrialPurpose
  readonly attempt: number
  state: TrialState
  token: number | undefined
}
interface ModelLease extends HeldLease {
  readonly agent: string
  held: boolean
}
interface Model {
  readonly trials: ModelTrial[]
  readonly leases: ModelLease[]
}

interface Real {
  store: Store
  readonly sweepId: string
  /** Kill -9 and start again, where the store can. */
  readonly crash: () => void
}

const agents = ['a', 'b', 'c']
const live: readonly TrialState[] = ['QUEUED', 'LEASED', 'RUNNING']
const configuration = (index: number): Configuration => ({
  model: 'm',
  engine: 'simulated',
  engineArgs: {},
  hardware: 'cpu',
  tensorParallel: 1,
  load: index + 1,
  inputTokens: 16,
  outputTokens: 8,
})
const classOf = (purpose: TrialPurpose) =>
  purpose === 'explore' || purpose === 'audit' ? 'survey' : purpose
const measurement = measurementOf({
  trialId: '',
  configuration: configuration(0),
  workload: { kind: 'static-batch' },
  metrics: ['ttft'],
  plan: { warmups: 1, repetitions: 1, precision: 0.1, max_seconds: 1, request_timeout: 1 },
  seed: 1,
})
const pick = <T>(items: readonly T[], choice: number): T | undefined => items[choice % items.length]
const holds = (trial: ModelTrial, token: number) =>
  live.includes(trial.state) && trial.token === token

/** Every trial and lease must be where the model says. */
function compare(model: Model, { store }: Real): void {
  for (const trial of model.trials) {
    expect(store.findTrial(trial.id)).toMatchObject({
      state: trial.state,
      attempt: trial.attempt,
      index: trial.index,
    })
  }
  expect(store.heldLeases().map(({ leaseId }) => leaseId)).toEqual(
    model.leases.filter(({ held }) => held).map(({ leaseId }) => leaseId),
  )
}

type Step = (model: Model, real: Real) => void

/** One random step; each may be illegal, and then nothing may happen. */
class Transition implements fc.Command<Model, Real> {
  readonly #name: string
  readonly #step: Step

  constructor(name: string, step: Step) {
    this.#name = name
    this.#step = step
  }

  check(): boolean {
    return true
  }

  run(model: Model, real: Real): void {
    this.#step(model, real)
    compare(model, real)
  }

  toString(): string {
    return this.#name
  }
}

function queue(index: number, purpose: TrialPurpose): Step {
  return (model, { store, sweepId }) => {
    const rivals = model.trials.filter(
      (trial) => trial.index === index && classOf(trial.purpose) === classOf(purpose),
    )
    const blocking =
      purpose === 'repeat' ? live : [...live, 'SUCCEEDED' as const, 'INFEASIBLE' as const]
    const blocked = rivals.some(({ state }) => blocking.includes(state))
    const trial = store.queueTrial({
      sweepId,
      index,
      configuration: configuration(index),
      purpose,
      why: '',
      seed: 1,
      queuedAt: 1,
    })
    expect(trial === undefined).toBe(blocked)
    if (trial === undefined) return
    const { trialId: id } = trial
    model.trials.push({ id, index, purpose, attempt: 1, state: 'QUEUED', token: undefined })
  }
}

function grant(agent: string): Step {
  return (model, { store, sweepId }) => {
    const busy = model.leases.some((lease) => lease.held && lease.agent === agent)
    const highest = Math.max(0, ...model.leases.map(({ token }) => token))
    const block = blockOf(configuration(0))
    const lease = store.grantLease({ sweepId, block, agent, at: 1, expiresAt: 2 })
    expect(lease === undefined).toBe(busy)
    if (lease === undefined) return
    expect(lease.token).toBeGreaterThan(highest)
    model.leases.push({ leaseId: lease.leaseId, token: lease.token, agent, held: true })
  }
}

function endLease(choice: number, state: 'RELEASED' | 'EXPIRED' | 'REVOKED'): Step {
  return (model, { store }) => {
    const lease = pick(model.leases, choice)
    if (lease === undefined) return
    expect(store.endLease(lease.leaseId, state, 5)).toBe(lease.held)
    if (!lease.held) return
    lease.held = false
    for (const trial of model.trials) {
      const inFlight = trial.state === 'LEASED' || trial.state === 'RUNNING'
      if (inFlight && trial.token === lease.token) trial.state = 'QUEUED'
    }
  }
}

function onTrial(
  act: (store: Store, trial: ModelTrial, lease: ModelLease, model: Model) => void,
  trialChoice: number,
  leaseChoice: number,
): Step {
  return (model, { store }) => {
    const trial = pick(model.trials, trialChoice)
    const lease = pick(model.leases, leaseChoice)
    if (trial !== undefined && lease !== undefined) act(store, trial, lease, model)
  }
}

const lease = (store: Store, trial: ModelTrial, held: ModelLease) => {
  const legal = trial.state === 'QUEUED' && held.held
  expect(store.leaseTrial(trial.id, held)).toBe(legal)
  if (!legal) return
  trial.state = 'LEASED'
  trial.token = held.token
}
const start = (store: Store, trial: ModelTrial, { token }: ModelLease) => {
  const legal = trial.state === 'LEASED' && trial.token === token
  expect(store.startTrial(trial.id, token, 3)).toBe(legal)
  if (legal) trial.state = 'RUNNING'
}
const succeed = (store: Store, trial: ModelTrial, { token }: ModelLease) => {
  const legal = holds(trial, token)
  expect(store.succeedTrial(trial.id, token, measurement, 4)).toBe(legal)
  if (legal) trial.state = 'SUCCEEDED'
}
const infeasible = (store: Store, trial: ModelTrial, { token }: ModelLease) => {
  const legal = holds(trial, token)
  const cost = { deviceSeconds: 1, at: 4 }
  expect(store.closeInfeasible(trial.id, token, 'no', cost)).toBe(legal)
  if (legal) trial.state = 'INFEASIBLE'
}
const failure = { code: 'ENGINE_FAILED', reason: 'x', cost: { deviceSeconds: 1, at: 4 } }
const fail = (store: Store, trial: ModelTrial, { token }: ModelLease, model: Model) => {
  const legal = holds(trial, token)
  const retry = { notBefore: 9, avoidAgent: 'a', seed: 2 }
  const successor = store.failTrial(trial.id, token, failure, retry)
  expect(successor !== undefined).toBe(legal)
  if (successor === undefined) return
  trial.state = 'FAILED'
  expect(successor.retryOf).toBe(trial.id)
  const { index, purpose } = trial
  const attempt = trial.attempt + 1
  const { trialId: id } = successor
  model.trials.push({ id, index, purpose, attempt, state: 'QUEUED', token: undefined })
}
const giveUp = (store: Store, trial: ModelTrial, { token }: ModelLease) => {
  const legal = holds(trial, token)
  expect(store.giveUpTrial(trial.id, token, failure)).toBe(legal)
  if (legal) trial.state = 'ABANDONED'
}

function drop(verify: boolean, inFlight: boolean): Step {
  return (model, { store, sweepId }) => {
    const wanted = model.trials.filter(
      ({ purpose, state }) =>
        (purpose === 'verify') === verify &&
        (state === 'QUEUED' || (inFlight && (state === 'LEASED' || state === 'RUNNING'))),
    )
    const dropped = store.dropTrials(sweepId, { verify, inFlight }, 'dropped', 6)
    expect(dropped.map(({ trialId }) => trialId).sort()).toEqual(wanted.map(({ id }) => id).sort())
    for (const trial of wanted) trial.state = 'ABANDONED'
  }
}

const choice = fc.nat(99)
const trialSteps = { lease, start, succeed, infeasible, fail, giveUp }
const steps = [
  fc
    .tuple(fc.nat(5), fc.constantFrom<TrialPurpose>('explore', 'audit', 'repeat', 'verify'))
    .map(([index, purpose]) => new Transition(`queue ${index} ${purpose}`, queue(index, purpose))),
  fc.constantFrom(...agents).map((agent) => new Transition(`grant ${agent}`, grant(agent))),
  fc
    .tuple(choice, fc.constantFrom('RELEASED' as const, 'EXPIRED' as const, 'REVOKED' as const))
    .map(([which, state]) => new Transition(`end ${which} ${state}`, endLease(which, state))),
  ...Object.entries(trialSteps).map(([name, act]) =>
    fc
      .tuple(choice, choice)
      .map(([t, l]) => new Transition(`${name} ${t} under ${l}`, onTrial(act, t, l))),
  ),
  fc
    .tuple(fc.boolean(), fc.boolean())
    .map(
      ([verify, inFlight]) => new Transition(`drop ${verify} ${inFlight}`, drop(verify, inFlight)),
    ),
]
const crash = fc.constant(
  new Transition('crash', (_, real) => {
    real.crash()
  }),
)

function begin(store: Store): string {
  for (const agent of agents) store.saveAgent(agentFacts(agent), 1)
  return store.insertSweep({ name: 'model', text: '', createdAt: 1 })?.sweepId ?? ''
}

describe('the transitions of trials and leases', () => {
  it('are those of the model, and illegal ones change nothing', () => {
    const tools = { clock: new FakeClock(), log: silentLog }
    fc.assert(
      fc.property(fc.commands(steps, { maxCommands: 60 }), (commands) => {
        const store = openMemoryStore(tools)
        try {
          const sweepId = begin(store)
          const real: Real = { store, sweepId, crash: () => undefined }
          fc.modelRun(() => ({ model: { trials: [], leases: [] }, real }), commands)
        } finally {
          store.close()
        }
      }),
      { numRuns: 300 },
    )
  })

  it('survive a kill between any two of them', () => {
    const tools = { clock: new FakeClock(), log: silentLog }
    fc.assert(
      fc.property(fc.commands([...steps, crash], { maxCommands: 40 }), (commands) => {
        const root = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
        let life = 0
        const first = openStore(join(root, '0'), tools)
        const real: Real = {
          store: first,
          sweepId: begin(first),
          crash() {
            // The files as a kill leaves them: copied while open, before any checkpoint.
            const [from, to] = [join(root, String(life)), join(root, String(life + 1))]
            cpSync(from, to, { recursive: true })
            real.store.close()
            life += 1
            real.store = openStore(to, tools)
          },
        }
        try {
          fc.modelRun(() => ({ model: { trials: [], leases: [] }, real }), commands)
        } finally {
          real.store.close()
          rmSync(root, { recursive: true, force: true })
        }
      }),
      { numRuns: 40 },
    )
  })
})
