// A coordinator with more than anybody has: 50,000 configurations, 10,000 trials that ended, 1,000
// agents. Everything is the product’s own (store, dispatcher, reader thread, HTTP door); only the
// planner is a stand-in that answers at once, and agents are connected without a wire.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDispatcher } from '../../../dist/coordinator/dispatch/create-dispatcher.js'
import { openDashboard } from '../../../dist/coordinator/service/http/open-dashboard.js'
import { openStore } from '../../../dist/coordinator/store/open-store.js'
import { openWorkerReader } from '../../../dist/coordinator/store/worker-reader.js'
import { blockOf } from '../../../dist/shared/domain/configuration.js'
import { spanSpace } from '../../../dist/shared/domain/space.js'
import { parseSweep } from '../../../dist/shared/domain/sweep-file.js'
import { systemClock } from '../../../dist/shared/process/clock.js'
import { createLog } from '../../../dist/shared/process/log.js'
import { createGate } from '../../../dist/shared/rpc/access/gate.js'
import { createRandom } from '../../../dist/shared/stats/random.js'

export const counts = { trials: 10_000, agents: 1000 }
export const text = `
name: large
model: m
engines: [{kind: simulated}]
space:
  batch_size: {range: [1, 250]}
  input_tokens: {range: [128, 1280], step: 128}
  output_tokens: {range: [64, 640], step: 64}
  tensor_parallel: [1, 2]
  hardware: H100
metrics: [ttft, itl, output_throughput]
strategy: {kind: adaptive}
`

const metrics = ['ttft', 'itl', 'output_throughput']
const truth = {
  ttft: ({ load, inputTokens }) => 0.004 + load * inputTokens * 2e-6,
  itl: ({ load, tensorParallel }) => (0.006 + load * 9e-5) / tensorParallel,
  output_throughput: ({ load, tensorParallel }) => (load * tensorParallel) / (0.006 + load * 9e-5),
}

function figures(configuration, noise) {
  return metrics.map((metric) => {
    const value = truth[metric](configuration) * (1 + noise)
    const [low, high] = [value * 0.95, value * 1.05]
    const rest = { confidence: 0.9, relativeSd: 0.03, count: 5, percentiles: {} }
    return { metric, value, low, high, ...rest }
  })
}

const claims = (measured) =>
  metrics.map((metric) => {
    const at = (value) => ({ value, low: value - 0.02, high: value + 0.01 })
    return {
      metric,
      calibrated: measured > 500,
      why: `${Math.floor(measured / 5)} of 6 audits`,
      accuracy: at(0.9 + 0.06 * (measured / counts.trials)),
      within5: at(0.8),
      p95Error: at(0.1),
      bias: at(0.01),
      noiseFloor: 0.02,
      coverage: 0.9,
    }
  })

/** Everything a planner may find out besides, so that pages show all that they can show. */
function findings(measured, began) {
  const ratio = { value: 1.1, low: 1.08, high: 1.12 }
  const shifts = metrics.map((metric) => ({ metric, ratio }))
  const bias = { value: 0.004, low: -0.002, high: 0.01 }
  return {
    changes: [
      {
        after: began + 500,
        by: began + 600,
        before: 1000,
        since: measured - 1000,
        suspect: 'before',
        shifts,
      },
    ],
    harvest: {
      harvested: 9000,
      checks: 8,
      trusted: true,
      biases: metrics.map((metric) => ({ metric, bias, distrusted: false })),
    },
  }
}

function planner(space, measured) {
  const began = Date.now()
  const status = () => ({
    configurations: space.size,
    accuracy: claims(measured.size),
    fullGridDeviceSeconds: { value: 100_000, low: 90_000, high: 110_000 },
    measured: measured.size,
    audits: Math.floor(measured.size / 5),
    infeasible: 0,
    remainingDeviceSeconds: 5000,
    ...findings(measured.size, began),
  })
  const row = (index) => {
    const configuration = space.at(index)
    const estimates = Object.fromEntries(
      figures(configuration, 0).map(({ metric, value, low, high }) => [
        metric,
        { value, low, high },
      ]),
    )
    const isMeasured = measured.has(index)
    const harvested = !isMeasured && index % 5 === 0 ? { harvested: true } : {}
    return { index, configuration, measured: isMeasured, ...harvested, feasible: 1, estimates }
  }
  return {
    ask: async () => [],
    tell: async ({ index }) => void measured.add(index),
    tellPending: async () => undefined,
    remove: async () => undefined,
    tellEngine: async () => undefined,
    status: async () => status(),
    surface: async (first, count) =>
      Array.from({ length: Math.min(count, space.size - first) }, (_, k) => row(first + k)),
    learnOn: async () => 'idle',
    adopt: async () => undefined,
    close: async () => undefined,
  }
}

function agentFacts(name) {
  return {
    agent: name,
    hardware: 'H100',
    deviceCount: 8,
    engines: ['simulated'],
    environment: { hostname: name, software: {}, devices: [] },
    clockOffsetMs: 0,
    held: [],
  }
}

/** Queues, grants and ends trials the way a sweep does, each with its measurement. */
function trialMaker(store, sweepId, space, random, measured) {
  const order = Array.from({ length: space.size }, (_, index) => index)
  const leases = new Map()
  let made = 0
  return () => {
    const swap = made + random.below(space.size - made)
    ;[order[made], order[swap]] = [order[swap], order[made]]
    const index = order[made]
    const configuration = space.at(index)
    const trial = store.queueTrial({
      sweepId,
      index,
      configuration,
      purpose: made % 5 === 0 ? 'audit' : 'explore',
      why: 'teaches most per device-second (uncertain by 20.1 % here after it)',
      seed: made,
      queuedAt: Date.now(),
    })
    const block = blockOf(configuration)
    const key = JSON.stringify(block)
    const agent = `node-${String(leases.size).padStart(4, '0')}`
    const lease =
      leases.get(key) ??
      store.grantLease({ sweepId, block, agent, at: Date.now(), expiresAt: Date.now() + 6e7 })
    leases.set(key, lease)
    store.leaseTrial(trial.trialId, lease)
    store.startTrial(trial.trialId, lease.token, Date.now())
    finish(store, trial, lease, configuration, random)
    measured.add(index)
    if (made % 25 === 0) {
      store.addCurvePoint(sweepId, { deviceSeconds: made, measured: made, accuracy: claims(made) })
    }
    made += 1
  }
}

function finish(store, trial, lease, configuration, random) {
  const doubts =
    trial.index % 7 === 0
      ? [{ kind: 'host_busy', severity: 'marked', detail: 'other processes used 30 %' }]
      : []
  store.succeedTrial(
    trial.trialId,
    lease.token,
    {
      metrics: figures(configuration, random.next() * 0.04 - 0.02),
      doubts,
      timing: { setUp: 0.1, warmUp: 0.2, measured: 0.6, gaps: 0.1 },
      deviceSeconds: 1,
      repetitions: 5,
      requests: 5,
      startedAt: Date.now(),
    },
    Date.now(),
  )
}

/** Opens the world; `step` moves it on. */
export async function openWorld() {
  const log = createLog({ name: 'bench', level: 'silent' })
  const dataDir = mkdtempSync(join(tmpdir(), 'fmwork-bench-'))
  const store = openStore(dataDir, { clock: systemClock, log })
  const sweep = parseSweep(text)
  const space = spanSpace(sweep)
  const random = createRandom(1)
  const measured = new Set()
  const stored = store.insertSweep({
    name: 'large',
    text,
    hardware: ['H100'],
    createdAt: Date.now(),
  })
  const names = Array.from(
    { length: counts.agents },
    (_, k) => `node-${String(k).padStart(4, '0')}`,
  )
  for (const name of names) store.saveAgent(agentFacts(name), Date.now())
  const makeTrial = trialMaker(store, stored.sweepId, space, random, measured)
  store.atomically(() => {
    for (let k = 0; k < counts.trials; k += 1) makeTrial()
  })
  store.appendPlannerCall(stored.sweepId, 1, { kind: 'remove', index: 0 })
  const dispatcher = createDispatcher({
    store,
    clock: systemClock,
    log,
    openPlanner: async () => planner(space, measured),
  })
  const line = { revoke: () => undefined, drain: () => undefined, wake: () => undefined }
  for (const name of names) await dispatcher.agentDesk.connect(agentFacts(name), line)
  dispatcher.start()
  let revision = 1
  const door = await openDashboard({
    listen: '127.0.0.1:0',
    desk: dispatcher.sweepDesk,
    // Nothing is told to the planner here, so its log does not grow.
    surfaces: { ...dispatcher.surfaceDesk, revision: () => revision },
    openReader: () => openWorkerReader(dataDir),
    gate: createGate({}, systemClock),
    clock: systemClock,
    log,
  })
  return {
    url: door.url,
    configurations: space.size,
    dataDir,
    /** Every agent says how it is, five trials end, and the surface has moved on. */
    async step() {
      for (const name of names) {
        dispatcher.agentDesk.pulse(name, {
          activity: 'measuring',
          eventLoopLagMs: random.next() * 3,
          utilizationPercent: random.next() * 100,
          memoryBytes: 6e10,
          powerWatts: 300 + random.next() * 300,
          clockOffsetMs: 0.2,
        })
      }
      for (let k = 0; k < 5; k += 1) makeTrial()
      revision += 1
      await dispatcher.sweepDesk.pause('large')
      await dispatcher.sweepDesk.resume('large')
    },
    async close() {
      await door.close()
      await dispatcher.close()
      store.close()
    },
  }
}
