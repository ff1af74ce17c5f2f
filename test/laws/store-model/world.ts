import type { Store } from '../../../coordinator/dispatch/store-port.js'
import { openMemoryStore, openStore } from '../../../coordinator/store/open-store.js'
import type { AgentFacts } from '../../../shared/domain/agent-desk.js'
import type { Configuration } from '../../../shared/domain/configuration.js'
import type { PastRow } from '../../../shared/domain/past.js'
import type { Measurement } from '../../../shared/domain/measurement.js'
import { FakeClock } from '../../../shared/process/clock.js'
import { silentLog } from '../../fixtures/dispatch-bench.js'
import { agentFacts, measurementOf } from '../../fixtures/fake-agent.js'
import { newModel } from './model.js'
import type { Model, ModelAgent, ModelSweep } from './model.js'

/** What a block needs. */
export interface BlockKind {
  readonly hardware: string
  readonly engine: string
  readonly devices: number
}

const small: BlockKind = { hardware: 'cpu', engine: 'simulated', devices: 1 }
/** The blocks of the model’s sweeps: another class, another engine, more devices. */
const kinds = [
  small,
  { ...small, hardware: 'H100' },
  { ...small, engine: 'embedded' },
  { ...small, devices: 2 },
]
export const kindOf = (index: number): BlockKind => kinds[index % kinds.length] ?? small

/** A configuration of the model’s sweeps, by its number. */
export const configurationOf = (index: number): Configuration => ({
  model: 'm',
  engine: kindOf(index).engine,
  engineArgs: {},
  hardware: kindOf(index).hardware,
  tensorParallel: kindOf(index).devices,
  load: index + 1,
  inputTokens: 16,
  outputTokens: 8,
})

export const measurement: Measurement = measurementOf({
  trialId: '',
  configuration: configurationOf(0),
  workload: { kind: 'static-batch' },
  metrics: ['ttft'],
  plan: { warmups: 1, repetitions: 1, precision: 0.1, max_seconds: 1, request_timeout: 1 },
  seed: 1,
})

/** Agents and what they may serve; their device counts change. */
export const crew = [
  { name: 'a', hardware: 'cpu', engines: ['simulated'], devices: 1 },
  { name: 'b', hardware: 'cpu', engines: ['simulated', 'embedded'], devices: 2 },
  { name: 'c', hardware: 'H100', engines: ['simulated'], devices: 1 },
] as const

export const factsOf = ({
  name,
  deviceCount,
}: Pick<ModelAgent, 'name' | 'deviceCount'>): AgentFacts => {
  const { hardware, engines } = crew.find((each) => each.name === name) ?? crew[0]
  return agentFacts(name, { hardware, engines: [...engines], deviceCount })
}

/** The real thing beside the model. */
export interface Real {
  store: Store
  readonly clock: FakeClock
  /** Kill -9 and start again, where the store can. */
  crash: () => void
}

/** What a sweep is in the model when it is submitted. */
export const newSweep = (
  id: string,
  name: string,
  text: string,
  past: readonly PastRow[] = [],
): ModelSweep => ({
  past,
  ...{ id, name, text, state: 'RUNNING', endedAt: undefined, activeSeconds: 0 },
  ...{ hardware: undefined, claimed: undefined, earlierTexts: [], curve: [], calls: [] },
})

/** A model and a store with the same agents and one sweep. */
export function beginning(folder?: string): { model: Model; real: Real } {
  const clock = new FakeClock()
  const tools = { clock, log: silentLog }
  const store = folder === undefined ? openMemoryStore(tools) : openStore(folder, tools)
  const agents = crew.map(({ name, devices }) => ({
    ...{ name, deviceCount: devices, acknowledged: 0, receipts: new Map() },
  }))
  for (const agent of agents) store.saveAgent(factsOf(agent), clock.wall())
  const sweep = store.insertSweep({ name: 'one', text: 'first', createdAt: clock.wall() })
  const model = newModel(agents)
  model.sweeps.push(newSweep(sweep?.sweepId ?? '', 'one', 'first'))
  return { model, real: { store, clock, crash: () => undefined } }
}
