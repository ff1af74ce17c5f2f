import { blockOf } from '../../../dist/shared/domain/configuration.js'
import { systemClock } from '../../../dist/shared/process/clock.js'
import { createLog } from '../../../dist/shared/process/log.js'
import { openStore } from '../../../dist/coordinator/store/open-store.js'

const log = createLog({ name: 'bench', level: 'silent' })
export const open = (dataDir) => openStore(dataDir, { clock: systemClock, log })

const environment = {
  ...{ hostname: 'bench', os: 'linux', kernel: '6', cpuModel: 'simulated', cpuCount: 2 },
  ...{ memoryBytes: 8e9, devices: [], agentVersion: '0.1.0', nodeVersion: process.version },
}
const chunks = 16
const chunkAt = Array.from({ length: chunks }, (_, n) => 0.1 + n * 0.01)
const sampleOf = (request) => ({
  ...{ repetition: 0, request, warmUp: false, scheduledAt: 0, sentAt: request * 1e-3 },
  ...{ chunkAt, chunkTokens: Array(chunks).fill(1), endedAt: 0.1 + chunks * 0.01 },
  ...{ inputTokensAsked: 16, outputTokensAsked: chunks, inputTokens: 16, outputTokens: chunks },
  ...{ cachedTokens: null, outcome: 'ok' },
})
const configurationOf = (index) => ({
  ...{ model: 'bench', engine: 'simulated', engineArgs: { level: index % 8 }, hardware: 'cpu' },
  ...{ tensorParallel: 1, load: 1 + (index % 256), inputTokens: 16 + index, outputTokens: chunks },
})
const metrics = ['ttft', 'itl', 'output_throughput']
const estimate = (metric) => ({
  ...{ metric, value: 0.01, low: 0.009, high: 0.05, confidence: 0.9, relativeSd: 0.01, count: 4 },
  percentiles: { p50: 0.01, p90: 0.02, p99: 0.04 },
})
const measurementOf = (index) => ({
  metrics: metrics.map(estimate),
  doubts: index % 50 === 0 ? [{ kind: 'noise', severity: 'warning', detail: 'now and then' }] : [],
  timing: { setUp: 0.1, warmUp: 0.1, measured: 1, gaps: 0 },
  ...{ deviceSeconds: 1.2, repetitions: 4, requests: 4, startedAt: systemClock.wall() },
})
const readings = Array.from({ length: 10 }, (_, n) => ({
  ...{ at: n, device: 'cpu', utilizationPercent: 50, memoryBytes: 1e9, powerWatts: 100 },
}))
const accuracy = metrics.map((metric) => ({
  ...{ metric, value: 0.9, low: 0.88, high: 0.92, audits: 40, tolerance: 0.1 },
}))

/** Trials that reach the disk together. */
const atOnce = 50

/**
 * Fills a data folder as a coordinator would have, by the store’s own transitions: `sweeps` sweeps one after
 * another, every trial queued, leased, started, reported with its samples and telemetry, and learnt from.
 */
export async function buildStore(dataDir, { sweeps, trials, samplesPerTrial, agents }) {
  const store = open(dataDir)
  const samples = Array.from({ length: samplesPerTrial }, (_, n) => sampleOf(n))
  const names = Array.from({ length: agents }, (_, n) => `agent-${n}`)
  for (const agent of names) {
    const engines = ['simulated']
    store.saveAgent({ agent, hardware: 'cpu', deviceCount: 1, engines, environment, held: [] }, 1)
  }
  const built = []
  for (let number = 0; number < sweeps; number += 1) {
    const sweep = store.insertSweep({ name: `sweep-${number}`, text: '', createdAt: number })
    const ids = []
    let sequence = 0
    for (let first = 0; first < trials; first += atOnce) {
      store.ahead(() => {
        for (let index = first; index < Math.min(trials, first + atOnce); index += 1) {
          const agent = names[index % agents]
          ids.push(oneTrial(store, sweep.sweepId, index, agent, samples))
          sequence += 1
          store.appendPlannerCall(sweep.sweepId, sequence, { kind: 'remove', index })
          if (index % 5 !== 0) continue
          const point = { deviceSeconds: index * 1.2, measured: index, accuracy }
          store.addCurvePoint(sweep.sweepId, point)
        }
      })
      await store.settled()
    }
    built.push({ sweepId: sweep.sweepId, trials: ids })
  }
  store.close()
  return built
}

function oneTrial(store, sweepId, index, agent, samples) {
  const at = systemClock.wall()
  const configuration = configurationOf(index)
  const purpose = index % 5 === 0 ? 'audit' : 'explore'
  const why = 'the strategy wanted to know'
  const trial = store.queueTrial({
    ...{ sweepId, index, configuration, purpose, why, seed: index, queuedAt: at },
  })
  const lease = store.grantLease({
    ...{ sweepId, block: blockOf(configuration), agent, at, expiresAt: at + 30_000 },
  })
  store.leaseTrial(trial.trialId, lease)
  store.startTrial(trial.trialId, lease.token, at)
  store.addSamples(trial.trialId, lease.token, samples)
  store.addTelemetry(agent, trial.trialId, readings)
  store.succeedTrial(trial.trialId, lease.token, measurementOf(index), at)
  store.endLease(lease.leaseId, 'RELEASED', at)
  return trial.trialId
}
