import type { Block } from '../../../shared/domain/configuration.js'
import type { Environment } from '../../../shared/domain/environment.js'
import type { Grant, TrialOrder } from '../../../shared/domain/lease.js'
import type { Measurement } from '../../../shared/domain/measurement.js'
import type { SweepStatus } from '../../../shared/domain/meta-metrics.js'
import type { Introduction } from '../../../shared/rpc/agent-link.js'

/** Plain values for tests: what matters in a test is written in that test. */
export const environment: Environment = {
  hostname: 'node-1',
  os: 'linux',
  kernel: '6.1',
  cpuModel: 'Test CPU',
  cpuCount: 2,
  memoryBytes: 8e9,
  devices: [{ id: 'cpu', name: 'Test CPU', memoryBytes: 8e9 }],
  agentVersion: '0.1.0',
  nodeVersion: 'v20.19.0',
}

export const introduction = (agent = 'agent-1'): Introduction => ({
  agent,
  hardware: 'cpu',
  deviceCount: 1,
  engines: ['simulated'],
  environment,
  held: [],
})

export const block: Block = {
  model: 'fmwork-nano',
  engine: 'simulated',
  engineArgs: {},
  hardware: 'cpu',
  tensorParallel: 1,
}

export const order = (trialId: string, load = 1): TrialOrder => ({
  trialId,
  configuration: { ...block, load, inputTokens: 32, outputTokens: 16 },
  workload: { kind: 'static-batch' },
  metrics: ['ttft'],
  plan: { warmups: 1, repetitions: 2, precision: 0.05, max_seconds: 60, request_timeout: 30 },
  seed: 7,
})

export const grant = (leaseId: string, token: number, trials: readonly TrialOrder[]): Grant => ({
  leaseId,
  token,
  sweepId: 'sweep-1',
  block,
  maxLoad: 8,
  maxContextTokens: 64,
  trials,
})

export const measurement = (ttft = 0.1): Measurement => ({
  metrics: [
    {
      metric: 'ttft',
      value: ttft,
      low: ttft * 0.9,
      high: ttft * 1.1,
      confidence: 0.95,
      relativeSd: 0.02,
      count: 2,
      percentiles: { p50: ttft, p99: null },
    },
  ],
  doubts: [],
  timing: { setUp: 0.1, warmUp: 0.2, measured: 1, gaps: 0 },
  deviceSeconds: 1.3,
  repetitions: 2,
  requests: 2,
  startedAt: 1_700_000_000_000,
})

const nothing = { value: 0, low: 0, high: 0 }

export const sweepStatus = (measured = 0): SweepStatus => ({
  sweep: { sweepId: 'sweep-1', name: 'first', state: 'RUNNING', reason: '', createdAt: 1 },
  configurations: 10,
  measured,
  audits: 0,
  infeasible: 0,
  failed: 0,
  pending: 0,
  invalid: 0,
  accuracy: [],
  spent: { deviceSeconds: 1, setUp: 0, warmUp: 0, measured: 1, gaps: 0, makespan: 2 },
  fullGridDeviceSeconds: nothing,
  gain: nothing,
  goalAccuracy: 0.9,
  goalReached: false,
  agents: [],
  changes: [],
  nodes: [],
  verifyOrdered: 0,
  verifyMeasured: 0,
})
