import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningEngine } from '../../agent/engine/engine.js'
import { openHost } from '../../agent/host/host.js'
import type { NoiseThresholds } from '../../agent/host/noise.js'
import { InlineLoad } from '../../agent/run/load/inline-load.js'
import type { LoadGenerator } from '../../agent/run/load/load-job.js'
import { createTrialRunner } from '../../agent/run/runner.js'
import type { TrialRunner } from '../../agent/run/trial-runner.js'
import type { DataShelf } from '../../agent/run/workload/data-shelf.js'
import type { Workload } from '../../shared/domain/sweep.js'
import type { TrialOrder } from '../../shared/domain/lease.js'
import type { AgentActivity } from '../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import { systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'

const never = Infinity

/** These tests judge numbers on a machine that may be busy with anything: noise is not their matter. */
export const tolerant: NoiseThresholds = {
  engineStarved: { marked: never, invalid: never },
  hostBusy: { marked: never, invalid: never },
  steal: { marked: never, invalid: never },
  clientStarved: { marked: never, invalid: never },
}

export function orderFor(
  load: number,
  inputTokens: number,
  outputTokens: number,
  options: {
    readonly workload?: Workload
    readonly metrics?: readonly MetricName[]
    readonly plan?: Partial<TrialOrder['plan']>
  } = {},
): TrialOrder {
  return {
    trialId: 'trial-1',
    configuration: {
      model: 'm',
      engine: 'openai',
      engineArgs: {},
      hardware: 'cpu',
      tensorParallel: 1,
      load,
      inputTokens,
      outputTokens,
    },
    workload: options.workload ?? { kind: 'static-batch' },
    metrics: options.metrics ?? ['ttft', 'itl', 'output_throughput'],
    plan: {
      warmups: 1,
      repetitions: 3,
      precision: 0.05,
      max_seconds: 20,
      request_timeout: 10,
      ...options.plan,
    },
    seed: 7,
  }
}

export function engineAt(
  baseUrl: string,
  options: { readonly exited?: Promise<string>; readonly acceptsTokenIds?: boolean } = {},
): RunningEngine {
  return {
    facts: { kind: 'openai', version: 'test', effectiveArgs: {} },
    endpoint: {
      baseUrl,
      model: 'm',
      acceptsTokenIds: options.acceptsTokenIds ?? true,
      promptTokenRange: [300, 2000],
    },
    processIds: [],
    exited: options.exited ?? new Promise(() => undefined),
    resetCache: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  }
}

export interface Witness {
  readonly samples: Sample[]
  readonly readings: TelemetryReading[]
  readonly activities: AgentActivity[]
}

export interface Bench {
  readonly runner: TrialRunner
  readonly witness: Witness
  readonly lockFolder: string
  run(
    order: TrialOrder,
    engine: RunningEngine,
    signal?: AbortSignal,
  ): ReturnType<TrialRunner['run']>
  close(): Promise<void>
}

/** A runner on this host, with locks of its own. */
export async function openBench(
  load: LoadGenerator = new InlineLoad(systemClock),
  data?: DataShelf,
): Promise<Bench> {
  const lockFolder = mkdtempSync(join(tmpdir(), 'fmwork-locks-'))
  const log = createLog({ name: 'test', level: 'silent' })
  const host = await openHost({
    clock: systemClock,
    log,
    agent: 'test',
    agentVersion: '0.0.0',
    lockFolder,
    accelerators: 'none',
  })
  const runner = createTrialRunner({
    clock: systemClock,
    log,
    host,
    load,
    thresholds: tolerant,
    ...(data === undefined ? {} : { data }),
  })
  const witness: Witness = { samples: [], readings: [], activities: [] }
  return {
    runner,
    witness,
    lockFolder,
    run: (order, engine, signal = new AbortController().signal) =>
      runner.run(
        order,
        engine,
        {
          activity: (activity) => witness.activities.push(activity),
          samples: (samples) => witness.samples.push(...samples),
          telemetry: (readings) => witness.readings.push(...readings),
        },
        signal,
      ),
    async close() {
      await load.close()
      await host.close()
      rmSync(lockFolder, { recursive: true, force: true })
    },
  }
}
