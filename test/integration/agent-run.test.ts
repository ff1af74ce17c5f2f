import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Measurement } from '../../shared/domain/measurement.js'
import { median } from '../../shared/stats/quantile.js'
import type { TrialOutcome } from '../../shared/domain/trial.js'
import { systemClock } from '../../shared/process/clock.js'
import { QuietLock } from '../../shared/process/quiet-lock.js'
import { WorkerLoad } from '../../agent/run/load/worker-load.js'
import { openBench, engineAt, orderFor } from './agent-run-fixture.js'
import type { Bench } from './agent-run-fixture.js'
import { KnownServer } from './agent-run-server.js'
import type { Seen } from './agent-run-server.js'

let server: KnownServer
let url: string
let bench: Bench

beforeEach(async () => {
  server = new KnownServer()
  url = await server.listen()
  bench = await openBench()
})
afterEach(async () => {
  await bench.close()
  await server.close()
})

function measured(outcome: TrialOutcome): Measurement {
  if (outcome.kind !== 'measured') throw new Error(`${outcome.kind}: ${outcome.reason}`)
  return outcome.measurement
}

const valueOf = (measurement: Measurement, metric: string) =>
  measurement.metrics.find((estimate) => estimate.metric === metric)?.value ?? NaN
const kindsOf = (measurement: Measurement) => measurement.doubts.map((doubt) => doubt.kind)

/** Seconds from a request’s arrival at the server to its first token, and between its tokens. */
const trueTtft = (seen: Seen) => (seen.wroteAt[0] ?? NaN) - seen.receivedAt
const trueItl = (seen: Seen) =>
  ((seen.wroteAt.at(-1) ?? NaN) - (seen.wroteAt[0] ?? NaN)) / (seen.wroteAt.length - 1)

/** Doubts that say the client or the host may have moved a time. */
const timingDoubts = ['event_loop_lag', 'client_saturated', 'schedule_lag', 'unsteady']

function closeOrDoubted(measurement: Measurement, metric: string, truth: number): void {
  const off = Math.abs(valueOf(measurement, metric) / truth - 1)
  if (off > 0.1) expect(kindsOf(measurement).some((kind) => timingDoubts.includes(kind))).toBe(true)
}

describe('a static batch against a server whose send times are known', () => {
  it('is timed as the server timed it, or doubted', async () => {
    server.script = () => ({ tokenAt: (token) => 0.06 + 0.006 * token })
    const order = orderFor(4, 64, 16, {
      metrics: ['ttft', 'batch_ttft', 'tpot', 'itl', 'e2e', 'output_throughput'],
    })
    const outcome = await bench.run(order, engineAt(url))
    const measurement = measured(outcome)
    const seen = server.seen.filter((each) => each.wroteAt.length === 16)
    expect(seen.length).toBe(measurement.requests)
    closeOrDoubted(measurement, 'ttft', median(seen.map(trueTtft)))
    closeOrDoubted(measurement, 'itl', median(seen.map(trueItl)))
    expect(valueOf(measurement, 'batch_ttft')).toBeGreaterThanOrEqual(valueOf(measurement, 'ttft'))
    for (const { value, low, high } of measurement.metrics) {
      expect(low).toBeLessThan(value)
      expect(high).toBeGreaterThan(value)
    }
    expect(measurement.requests).toBe(4 * measurement.repetitions)
    const { setUp, warmUp, measured: busy, gaps } = measurement.timing
    expect(setUp + warmUp + busy + gaps).toBeLessThanOrEqual(measurement.deviceSeconds + 1e-6)
  })

  it('asks for exact lengths with prompts that share no first token', async () => {
    await bench.run(orderFor(3, 50, 4), engineAt(url))
    const prompts = server.seen.map(({ body }) => body.prompt as number[])
    expect(prompts.every((prompt) => prompt.length === 50)).toBe(true)
    expect(new Set(prompts.map(([first]) => first)).size).toBe(prompts.length)
    expect(server.seen.at(-1)?.body).toMatchObject({
      max_tokens: 4,
      min_tokens: 4,
      ignore_eos: true,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it('tells the observer everything: activities, warm-ups marked, telemetry', async () => {
    server.script = () => ({ tokenAt: (token) => 0.12 + 0.001 * token })
    await bench.run(orderFor(2, 20, 4, { plan: { warmups: 2 } }), engineAt(url))
    expect(bench.witness.activities).toEqual(['warming_up', 'measuring'])
    expect(bench.witness.samples.filter((sample) => sample.warmUp)).toHaveLength(4)
    expect(bench.witness.samples).toHaveLength(server.seen.length)
    expect(bench.witness.readings.every((reading) => reading.device === 'cpu')).toBe(true)
  })

  it('begins every repetition with an empty cache', async () => {
    const seenAtReset: number[] = []
    const engine = {
      ...engineAt(url),
      resetCache: () => {
        seenAtReset.push(server.seen.length)
        return Promise.resolve()
      },
    }
    server.script = () => ({ tokenAt: (token) => 0.11 + 0.001 * token })
    const order = orderFor(2, 16, 4, { plan: { repetitions: 3, precision: 0.0001 } })
    const { repetitions } = measured(await bench.run(order, engine))
    // Before the warm-up of two requests, after it, and after each repetition but the last.
    expect(seenAtReset.slice(0, 2)).toEqual([0, 2])
    expect(seenAtReset).toHaveLength(1 + repetitions)
    expect(seenAtReset.slice(2)).toEqual([4, 6].slice(0, repetitions - 1))
  })

  it('keeps its connections', async () => {
    await bench.run(orderFor(3, 10, 2), engineAt(url))
    expect(server.seen.length).toBeGreaterThan(6)
    expect(server.sockets.size).toBe(3)
  })

  it('opens the connections of a list before it is measured', async () => {
    const shape = { inputTokens: 16, outputTokens: 2 }
    const opened: number[] = []
    server.script = () => {
      opened.push(server.sockets.size)
      return {}
    }
    const requests = Array.from({ length: 8 }, () => shape)
    const order = {
      ...orderFor(8, 16, 2),
      listed: { requests, concurrency: 3, maximumSeconds: 10 },
    }
    measured(await bench.run(order, engineAt(url)))
    expect(bench.witness.samples.filter(({ warmUp }) => warmUp)).toHaveLength(3)
    // All that follow find one open.
    expect(opened.slice(3)).toEqual(Array.from({ length: 8 }, () => 3))
  })

  it('stops repeating when its seconds are spent', async () => {
    server.script = () => ({ tokenAt: () => 0.1 })
    const order = orderFor(1, 10, 2, {
      plan: { repetitions: 50, max_seconds: 0.35, precision: 1e-6 },
    })
    const measurement = measured(await bench.run(order, engineAt(url)))
    expect(measurement.repetitions).toBeLessThan(5)
    expect(kindsOf(measurement)).toContain('unsteady')
  })

  it('does not chase a count of tokens that is none', async () => {
    server.script = () => ({ promptTokens: () => 1 })
    const engine = engineAt(url, { acceptsTokenIds: false })
    const measurement = measured(await bench.run(orderFor(1, 100, 3), engine))
    expect(String(server.seen.at(-1)?.body.prompt).split(' ').length).toBeLessThan(500)
    expect(kindsOf(measurement)).toContain('tokens_not_as_asked')
  })

  it('finds the words that make a text prompt as long as asked', async () => {
    server.script = () => ({ promptTokens: (words) => Math.round(words * 1.25) + 1 })
    const engine = engineAt(url, { acceptsTokenIds: false })
    const measurement = measured(await bench.run(orderFor(1, 101, 3), engine))
    expect(String(server.seen.at(-1)?.body.prompt).split(' ')).toHaveLength(80)
    expect(kindsOf(measurement)).not.toContain('tokens_not_as_asked')
  })
})

describe('another agent on the same host', () => {
  it('is said beside the number when it measures on devices of its own', async () => {
    const other = new QuietLock({
      clock: systemClock,
      agent: 'gpu2',
      devices: ['GPU-2'],
      folder: bench.lockFolder,
    })
    const release = await other.acquire(new AbortController().signal, () => undefined)
    const measurement = measured(await bench.run(orderFor(1, 8, 2), engineAt(url)))
    release()
    expect(measurement.doubts).toContainEqual({
      kind: 'neighbour_active',
      severity: 'marked',
      detail: 'measuring on the same host meanwhile: gpu2 on GPU-2',
    })
  })
})

describe('in a worker thread', () => {
  it('measures the same', async () => {
    const threaded = await openBench(new WorkerLoad(systemClock))
    server.script = () => ({ tokenAt: (token) => 0.05 + 0.004 * token })
    const measurement = measured(await threaded.run(orderFor(2, 32, 8), engineAt(url)))
    const seen = server.seen.filter((each) => each.wroteAt.length === 8)
    closeOrDoubted(measurement, 'ttft', median(seen.map(trueTtft)))
    closeOrDoubted(measurement, 'itl', median(seen.map(trueItl)))
    await threaded.close()
  })

  it('closes its sockets when aborted, and serves the next job', async () => {
    const threaded = await openBench(new WorkerLoad(systemClock))
    server.script = (index) => (index === 0 ? { tokenAt: () => 60 } : {})
    const stop = new AbortController()
    const run = threaded.run(orderFor(1, 8, 2), engineAt(url), stop.signal)
    while (server.seen.length === 0) await systemClock.sleep(0.01)
    stop.abort(new Error('revoked'))
    expect(await run).toMatchObject({ kind: 'failed', reason: 'ended early: revoked' })
    while (server.seen[0]?.closed !== true) await systemClock.sleep(0.01)
    expect(await threaded.run(orderFor(1, 8, 2), engineAt(url))).toMatchObject({ kind: 'measured' })
    await threaded.close()
  })
})

describe('loops', () => {
  it('holds the concurrency and excludes ramp-up', async () => {
    server.script = () => ({ tokenAt: (token) => 0.01 + 0.001 * token })
    const order = orderFor(4, 16, 8, {
      workload: { kind: 'closed-loop' },
      metrics: ['ttft', 'itl', 'output_throughput'],
      plan: { max_seconds: 1.5, precision: 0.5 },
    })
    const measurement = measured(await bench.run(order, engineAt(url)))
    expect(server.sockets.size).toBe(4)
    expect(valueOf(measurement, 'output_throughput')).toBeGreaterThan(0)
    expect(measurement.requests).toBeGreaterThan(10)
    expect(bench.witness.samples.some((sample) => sample.warmUp)).toBe(true)
  })

  it('sends at its own times', async () => {
    server.script = () => ({ tokenAt: (token) => 0.02 + 0.001 * token })
    const order = orderFor(50, 16, 4, {
      workload: { kind: 'open-loop', arrivals: 'constant', burstiness: 1 },
      plan: { max_seconds: 2, precision: 0.5, repetitions: 1 },
    })
    const measurement = measured(await bench.run(order, engineAt(url)))
    const times = bench.witness.samples
      .filter((sample) => sample.outputTokensAsked === 4)
      .map((sample) => sample.scheduledAt)
      .sort((a, b) => a - b)
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(median(gaps)).toBeCloseTo(0.02, 6)
    expect(valueOf(measurement, 'ttft')).toBeGreaterThan(0.015)
  })
})
