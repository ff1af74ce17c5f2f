import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunningEngine } from '../../agent/engine/engine.js'
import { createEngine } from '../../agent/engine/engines.js'
import { configurationKey } from '../../shared/domain/configuration.js'
import type { SweepStatus } from '../../shared/domain/meta-metrics.js'
import type { TrialRecord } from '../../shared/domain/sweep-desk.js'
import { expectNoProcess, fmwork } from './cli-process.js'

/** Slow enough that a busy machine does not disturb what is measured beyond use. */
const slow = '{time_scale: 4}'
const traces = resolve('test/fixtures/traces')

let folder: string
let engine: RunningEngine | undefined
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fmwork-loads-')))
})
afterEach(async () => {
  await engine?.stop()
  engine = undefined
  await expectNoProcess(folder)
  rmSync(folder, { recursive: true })
})

interface RawRequest {
  readonly warm_up: boolean
  readonly outcome: string
  /** Nanoseconds. */
  readonly scheduled: number
  readonly output_tokens: number
}

const lines = <T>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

/**
 * Runs the sweep to its end; answers what was measured of each configuration first, and its requests.
 * What a busy machine made of the numbers is not the matter here: a measurement that was refused for
 * that sent the same requests.
 */
function measured(sweep: string, variables: Readonly<Record<string, string>> = {}) {
  writeFileSync(
    join(folder, 'sweep.yaml'),
    `name: loads\nmodel: sim\nmetrics: [ttft, tpot, request_throughput]\nstrategy: {kind: full-grid}\n${sweep}`,
  )
  const run = fmwork(
    folder,
    ['run', 'sweep.yaml', '--data', 'data', '--agents', '1', '--json'],
    170,
    variables,
  )
  expect([0, 3]).toContain(run.exit)
  const events = lines<{ event: string; status?: SweepStatus; trial?: TrialRecord }>(run.stdout)
  const last = events.findLast(({ event }) => event === 'status')?.status
  expect(last?.sweep).toMatchObject({ state: 'COMPLETED' })
  const exported = fmwork(folder, [
    ...['export', 'loads', '--data', 'data', '--format', 'samples', '--output', 'raw'],
  ])
  expect(exported.exit).toBe(0)
  const files = readdirSync(join(folder, 'raw'), { recursive: true, encoding: 'utf8' })
  const first = new Map<string, TrialRecord>()
  for (const { trial } of events) {
    if (trial?.measurement === undefined) continue
    const key = configurationKey(trial.configuration)
    if (!first.has(key)) first.set(key, trial)
  }
  return [...first.values()].map(({ trialId, configuration, measurement }) => {
    const file = files.find((name) => name.endsWith(`${trialId}.jsonl`)) ?? ''
    const [, ...requests] = lines<RawRequest>(readFileSync(join(folder, 'raw', file), 'utf8'))
    requests.sort((a, b) => a.scheduled - b.scheduled)
    return { load: configuration.load, measurement, requests }
  })
}

/** Seconds between the intended send times of one trial’s requests. */
const gapsOf = (requests: readonly RawRequest[]) =>
  requests
    .slice(1)
    .map(({ scheduled }, index) => (scheduled - (requests[index]?.scheduled ?? 0)) / 1e9)
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length
const relativeSd = (values: readonly number[]) =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2))) / mean(values)

describe('a sweep over request rates', () => {
  it('sends Poisson arrivals at each of them', () => {
    const trials = measured(`engines: [{kind: simulated, args: ${slow}}]
space: {request_rate: [12, 24], input_tokens: 32, output_tokens: 24}
workload: {kind: open-loop}
measurement: {warmups: 1, repetitions: 1, precision: 0.01, max_seconds: 5s}
`)
    expect(trials.map(({ load }) => load).sort((a, b) => a - b)).toEqual([12, 24])
    for (const { load, requests, measurement } of trials) {
      const gaps = gapsOf(requests)
      expect(gaps.length).toBeGreaterThan(30)
      // Exponential gaps: their spread is their mean, of some sixty draws within a half.
      expect(relativeSd(gaps)).toBeGreaterThan(0.5)
      expect(1 / mean(gaps)).toBeGreaterThan(load * 0.7)
      expect(1 / mean(gaps)).toBeLessThan(load * 1.4)
      expect(measurement?.metrics.map(({ metric }) => metric)).toContain('request_throughput')
    }
  })

  it('climbs a ramp from its share of the rate to all of it', () => {
    const [trial] = measured(`engines: [{kind: simulated, args: ${slow}}]
space: {request_rate: 20, input_tokens: 32, output_tokens: 24}
workload: {kind: open-loop, arrivals: constant, ramp: {kind: linear, from: 0.1}}
measurement: {warmups: 0, repetitions: 1, max_seconds: 5s}
`)
    const gaps = gapsOf(trial?.requests ?? [])
    expect(gaps.length).toBeGreaterThan(40)
    // Constant arrivals of a growing rate: every gap is shorter than the one before.
    for (const [index, gap] of gaps.slice(1).entries()) expect(gap).toBeLessThan(gaps[index] ?? 0)
    expect(1 / (gaps.at(-1) ?? 0)).toBeGreaterThan(18)
    expect(1 / (gaps.at(-1) ?? 0)).toBeLessThanOrEqual(20)
    expect(trial?.measurement?.doubts.map(({ kind }) => kind)).not.toContain('unsteady')
  })
})

describe('a sweep of data', () => {
  const trace = () =>
    fmwork(traces, ['data', 'azure.csv', '--requests', '4']).stdout.replace(/^#.*\n/gm, '')

  it('replays a trace from a folder that its agents are given', () => {
    const data = join(folder, 'traces')
    mkdirSync(data)
    copyFileSync(join(traces, 'azure.csv'), join(data, 'azure.csv'))
    const [slowest, fastest] = measured(
      `engines: [{kind: simulated}]\nspace: {speedup: [2, 4]}\n${trace()}measurement: {warmups: 0, max_seconds: 10s}\n`,
      { FMWORK_DATA: data },
    ).sort((a, b) => a.load - b.load)
    const own = [4.314579, 0.227298, 0.16855]
    for (const [speedup, trial] of [
      [2, slowest],
      [4, fastest],
    ] as const) {
      const { requests = [] } = trial ?? {}
      expect(requests.map(({ output_tokens: tokens }) => tokens)).toEqual([44, 109, 55, 16])
      const gaps = gapsOf(requests)
      for (const [index, gap] of gaps.entries()) {
        expect(gap).toBeCloseTo((own[index] ?? 0) / speedup, 3)
      }
    }
  })
})

describe('a sweep of a chat endpoint', () => {
  it('sends prompts of the length asked, told by the server’s own count', async () => {
    const block = {
      ...{ model: 'sim', engine: 'simulated', engineArgs: { time_scale: 4 } },
      ...{ hardware: 'cpu', tensorParallel: 1 },
    }
    engine = await createEngine('simulated', { stateDir: folder, allowed: ['simulated'] }).start(
      { block, maxLoad: 4, maxContextTokens: 256 },
      new AbortController().signal,
    )
    const trials =
      measured(`engines: [{kind: openai, args: {base_url: "${engine.endpoint.baseUrl}", endpoint: chat}}]
space: {concurrency: [1, 3], input_tokens: [48, 96], output_tokens: 16}
workload: {kind: closed-loop}
measurement: {warmups: 1, repetitions: 1, precision: 0.2, max_seconds: 3s}
`)
    expect(trials).toHaveLength(4)
    for (const { requests, measurement } of trials) {
      const sent = requests.filter(({ warm_up: warmUp }) => !warmUp)
      expect(sent.length).toBeGreaterThan(5)
      expect(sent.every(({ outcome }) => outcome === 'ok')).toBe(true)
      expect(measurement?.doubts.map(({ kind }) => kind)).not.toContain('tokens_not_as_asked')
    }
  })
})
