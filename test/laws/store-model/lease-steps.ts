import fc from 'fast-check'
import { expect } from 'vitest'
import { blockKey, blockOf } from '../../../shared/domain/configuration.js'
import { isInFlight, lose } from './model.js'
import type { Model, ModelAgent, ModelLease, ModelTrial } from './model.js'
import { choice, pick, Transition } from './step.js'
import type { Step } from './step.js'
import { configurationOf, crew, factsOf, kindOf } from './world.js'

const heldBy = (model: Model, agent: string) =>
  model.leases.filter((lease) => lease.held && lease.agent === agent)

const grant =
  (sweepNumber: number, agentNumber: number, index: number): Step =>
  (model, { store, clock }) => {
    const sweep = pick(model.sweeps, sweepNumber)
    const agent = pick(model.agents, agentNumber)
    if (sweep === undefined || agent === undefined) return
    const kind = kindOf(index)
    const taken = heldBy(model, agent.name).reduce((sum, each) => sum + each.kind.devices, 0)
    const legal = taken + kind.devices <= agent.deviceCount
    const highest = Math.max(0, ...model.leases.map(({ token }) => token))
    const at = clock.wall()
    const block = blockOf(configurationOf(index))
    const order = { sweepId: sweep.id, block, agent: agent.name, at, expiresAt: at + 9000 }
    const lease = store.grantLease(order)
    expect(lease !== undefined).toBe(legal)
    if (lease !== undefined) {
      const { leaseId, token } = lease
      expect(token).toBeGreaterThan(highest)
      const now = { held: true, verifies: sweep.state === 'COMPLETED' }
      model.leases.push({ leaseId, token, agent: agent.name, sweep, kind, ...now })
    }
    const held = heldBy(model, agent.name).map(({ leaseId }) => leaseId)
    expect(store.heldLeasesOf(agent.name).map(({ leaseId }) => leaseId)).toEqual(held)
  }

/** Late word of an engine start is for leases that were charged as lost. */
const onLostLease =
  (number: number, act: Act): Step =>
  (model, real) => {
    const lost = model.leases.filter(({ token, held }) => {
      return !held && [...model.losses.keys()].some((key) => key.endsWith(` ${token}`))
    })
    const lease = pick(lost, number)
    if (lease !== undefined) act(lease, model, real)
  }

type Act = (lease: ModelLease, model: Model, real: Parameters<Step>[1]) => void
const onLease =
  (number: number, act: Act): Step =>
  (model, real) => {
    const held = model.leases.filter((lease) => lease.held)
    const lease = pick(number % 3 === 0 ? model.leases : held, number)
    if (lease !== undefined) act(lease, model, real)
  }

const end =
  (state: 'RELEASED' | 'EXPIRED' | 'REVOKED'): Act =>
  (lease, model, { store, clock }) => {
    expect(store.endLease(lease.leaseId, state, clock.wall())).toBe(lease.held)
    if (!lease.held) return
    lease.held = false
    for (const trial of model.trials) {
      if (!isInFlight(trial) || trial.token !== lease.token) continue
      if (trial.state === 'RUNNING') lose(model, trial)
      trial.state = 'QUEUED'
    }
  }

const renew: Act = (lease, model, { store, clock }) => {
  const expiresAt = clock.wall() + 123_000
  store.renewLeases([{ leaseId: lease.leaseId, expiresAt }])
  const stored = store.findLease(lease.leaseId)
  expect(stored?.expiresAt === expiresAt).toBe(lease.held)
  expect(stored?.state === 'HELD').toBe(lease.held)
  const active = model.trials.filter((trial) => trial.token === lease.token && isInFlight(trial))
  const ids = store.activeTrials(lease.leaseId).map(({ trialId }) => trialId)
  expect(ids).toEqual(active.map(({ id }) => id))
}

/** An engine came up under the lease, which may be over; under another token nobody is told so. */
const startEngine =
  (deviceSeconds: number, right: boolean): Act =>
  (lease, model, { store, clock }) => {
    const { leaseId, token, sweep } = lease
    const facts = { kind: 'simulated', version: '1', effectiveArgs: {} }
    const told = store.addEngineStart({
      lease: { leaseId, token: right ? token : token + 1 },
      ...{ facts, startUpSeconds: deviceSeconds, deviceSeconds, at: clock.wall() },
    })
    expect(told).toBe(right)
    if (!right) return
    const charged = sweep.state !== 'COMPLETED' || !lease.verifies
    model.starts.push({ lease, token, at: model.now, deviceSeconds, charged })
    for (const loss of model.losses.values()) {
      if (loss.trial.kind !== lease.kind || loss.trial.sweep !== sweep) continue
      if (model.losses.get(`${loss.trial.id} ${token}`) !== loss) continue
      loss.deviceSeconds = Math.max(0, loss.deviceSeconds - deviceSeconds)
    }
  }

/** The agent comes back with another number of devices. */
const change =
  (number: number, deviceCount: number): Step =>
  (model, { store, clock }) => {
    const agent = pick(model.agents, number)
    if (agent === undefined) return
    agent.deviceCount = deviceCount
    expect(store.saveAgent(factsOf(agent), clock.wall())).toBe(agent.acknowledged)
    const counts = store.listAgents().map((each) => [each.agent, each.deviceCount])
    expect(counts).toEqual(model.agents.map((each) => [each.name, each.deviceCount]))
  }

/** The wall clock is set forward or back; what is in flight follows it. */
const jump =
  (seconds: number): Step =>
  (_, { store, clock }) => {
    clock.jump(seconds)
    store.followClock(seconds * 1000)
  }

const mayGet = (
  { kind, state, restsUntil, avoids, sweep }: ModelTrial,
  { agent, of, evenIfAvoided, now }: ClaimQuestion,
) => {
  const { hardware, engines } = crew.find(({ name }) => name === agent.name) ?? crew[0]
  const able = kind.hardware === hardware && kind.devices <= agent.deviceCount
  const allowed = engines.some((engine) => engine === kind.engine)
  const wanted = state === 'QUEUED' && restsUntil <= now && (evenIfAvoided || avoids !== agent.name)
  return sweep.id === of && able && allowed && wanted
}
interface ClaimQuestion {
  readonly agent: ModelAgent
  readonly of: string
  readonly evenIfAvoided: boolean
  readonly now: number
}

const claim =
  (agentNumber: number, block: number | undefined, evenIfAvoided: boolean): Step =>
  (model, { store, clock }) => {
    const agent = pick(model.agents, agentNumber)
    const sweep = pick(model.sweeps, agentNumber)
    if (agent === undefined || sweep === undefined) return
    const { deviceCount, hardware, engines } = factsOf(agent)
    const key = block === undefined ? undefined : blockKey(blockOf(configurationOf(block)))
    const claimable = store.claimable(
      {
        ...{ sweepId: sweep.id, agent: agent.name, hardware, deviceCount, engines, evenIfAvoided },
        ...(key === undefined ? {} : { blockKey: key }),
        now: clock.wall(),
      },
      3,
    )
    const question = { agent, of: sweep.id, evenIfAvoided, now: model.now }
    const wanted = model.trials
      .filter((trial) => mayGet(trial, question))
      .filter(({ kind }) => block === undefined || kind === kindOf(block))
    expect(claimable.map(({ trialId }) => trialId)).toEqual(wanted.slice(0, 3).map(({ id }) => id))
  }

const act = (arbitrary: fc.Arbitrary<readonly [string, Act]>) =>
  fc
    .tuple(choice, arbitrary)
    .map(([number, [name, done]]) => new Transition(`${name} ${number}`, onLease(number, done)))

const granting = fc
  .tuple(choice, choice, fc.nat(5))
  .map(([s, a, index]) => new Transition(`grant ${s} ${a} ${index}`, grant(s, a, index)))

const lateEngine = fc
  .tuple(choice, fc.constantFrom(1, 5, 60))
  .map(
    ([l, seconds]) =>
      new Transition(`late engine ${seconds} ${l}`, onLostLease(l, startEngine(seconds, true))),
  )

export const leaseSteps: fc.Arbitrary<Transition>[] = [
  ...[granting, granting, granting],
  act(
    fc
      .constantFrom('RELEASED' as const, 'EXPIRED' as const, 'REVOKED' as const)
      .map((state) => [`end ${state}`, end(state)]),
  ),
  act(fc.constant(['renew', renew])),
  act(
    fc
      .tuple(fc.constantFrom(1, 5, 60), fc.nat(4))
      .map(([seconds, wrong]) => [`engine ${seconds} ${wrong}`, startEngine(seconds, wrong > 0)]),
  ),
  ...[lateEngine, lateEngine, lateEngine],
  fc
    .tuple(choice, fc.integer({ min: 1, max: 3 }))
    .map(([a, devices]) => new Transition(`devices of ${a}: ${devices}`, change(a, devices))),
  fc
    .constantFrom(-3600, 3600, -86_400, 1)
    .map((seconds) => new Transition(`jump ${seconds}`, jump(seconds))),
  fc
    .tuple(choice, fc.option(fc.nat(5), { nil: undefined }), fc.boolean())
    .map(([a, block, even]) => new Transition(`claimable ${a}`, claim(a, block, even))),
]
