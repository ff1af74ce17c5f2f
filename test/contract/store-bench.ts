import type { Store } from '../../coordinator/dispatch/store-port.js'
import type { StoredLease, StoredTrial } from '../../coordinator/dispatch/store-records.js'
import { blockOf } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { Measurement } from '../../shared/domain/measurement.js'
import type { TrialPurpose, TrialState } from '../../shared/domain/trial.js'
import { agentFacts } from '../fixtures/fake-agent.js'

export interface StoreUnderTest {
  readonly store: Store
  /** Closes and opens again; the same store where it cannot be opened again. */
  reopen(): Store
  close(): void
}

export const configurationAt = (load: number, engine = 'simulated'): Configuration => ({
  model: 'm',
  engine,
  engineArgs: { 'max-num-seqs': 128 },
  hardware: 'cpu',
  tensorParallel: 1,
  load,
  inputTokens: 16,
  outputTokens: 8,
})

export const measurement: Measurement = {
  harvest: [
    { outputTokens: 8, metrics: [], doubts: [] },
    {
      outputTokens: 16,
      metrics: [],
      doubts: [{ kind: 'prefix_overlap', severity: 'marked', detail: '7.0 %' }],
    },
  ],
  metrics: [
    {
      metric: 'ttft',
      value: 0.25,
      low: 0.2,
      high: Infinity,
      confidence: 0.9,
      relativeSd: 0.02,
      count: 3,
      percentiles: { p50: 0.25, p99: null },
    },
  ],
  doubts: [{ kind: 'host_busy', severity: 'marked', detail: '4 % of one core' }],
  timing: { setUp: 0.5, warmUp: 1, measured: 2, gaps: 0.25 },
  deviceSeconds: 3.75,
  energyJoules: 12.5,
  repetitions: 3,
  requests: 12,
  startedAt: 1000,
}

/** What a trial cost that ended without measurement. */
export const cost = { deviceSeconds: 1.5, at: 99 }

/** A store with one sweep and two agents, and short words for what the laws speak of. */
export class StoreBench {
  readonly sweepId: string
  readonly #under: StoreUnderTest
  #store: Store

  constructor(under: StoreUnderTest) {
    this.#under = under
    this.#store = under.store
    for (const agent of ['a', 'b']) this.#store.saveAgent(agentFacts(agent), 1)
    const sweep = this.#store.insertSweep({ name: 'one', text: 'text', createdAt: 1 })
    this.sweepId = sweep?.sweepId ?? ''
  }

  get store(): Store {
    return this.#store
  }

  reopen(): void {
    this.#store = this.#under.reopen()
  }

  close(): void {
    this.#under.close()
  }

  queue(index: number, purpose: TrialPurpose = 'explore'): StoredTrial | undefined {
    return this.#store.queueTrial({
      sweepId: this.sweepId,
      index,
      configuration: configurationAt(index + 1),
      purpose,
      why: 'test',
      seed: 5,
      queuedAt: 10,
    })
  }

  queued(index: number, purpose: TrialPurpose = 'explore'): StoredTrial {
    const trial = this.queue(index, purpose)
    if (trial === undefined) throw new Error('not queued')
    return trial
  }

  grant(agent: string, at = 20): StoredLease | undefined {
    return this.#store.grantLease({
      sweepId: this.sweepId,
      block: blockOf(configurationAt(1)),
      agent,
      at,
      expiresAt: at + 100,
    })
  }

  granted(agent: string, at = 20): StoredLease {
    const lease = this.grant(agent, at)
    if (lease === undefined) throw new Error('not granted')
    return lease
  }

  stateOf({ trialId }: StoredTrial): TrialState | undefined {
    return this.#store.findTrial(trialId)?.state
  }
}
