import type { EngineFacts, Environment } from '../shared/domain/environment.js'
import type { AgentActivity } from '../shared/domain/meta-metrics.js'
import type { MetricName } from '../shared/domain/metric.js'
import type { MeasurementPlan, Workload } from '../shared/domain/sweep.js'
import type { Clock } from '../shared/process/clock.js'
import type { Log } from '../shared/process/log.js'
import { firstModel } from './engine/openai/endpoint-probe.js'
import { createOpenAiEngine } from './engine/openai/openai-engine.js'
import { serverRoot } from './engine/openai/openai-args.js'
import { openHost } from './host/host.js'
import { threadsFor, ThreadedLoad } from './run/load/threaded-load.js'
import { WorkerLoad } from './run/load/worker-load.js'
import { measureOnce } from './run/measure.js'
import type { MeasuredOnce } from './run/measure.js'
import type { RunnerOrder } from './run/trial-runner.js'

/** What an order of this agent’s own may say beyond a sweep’s. */
export type RunnerOptions = Pick<
  RunnerOrder,
  'listed' | 'mayStopEarly' | 'extraBody' | 'everyRepetition' | 'maximumRequests'
>

/** One measurement of one endpoint, as a person asks for it. */
export interface EndpointOrder {
  /** Root of the server, with or without /v1. */
  readonly baseUrl: string
  readonly api: 'completions' | 'chat'
  /** The first model served, when absent. */
  readonly model?: string
  readonly apiKey?: string
  readonly workload: Workload
  /** Batch size, concurrency or requests per second, as the workload means it. */
  readonly load: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly options: RunnerOptions
  /** Load threads at most; a quarter of the CPUs when absent. */
  readonly threads?: number
  readonly metrics: readonly MetricName[]
  readonly plan: MeasurementPlan
  readonly seed: number
}

export interface EndpointDeps {
  readonly clock: Clock
  readonly log: Log
  readonly agentVersion: string
  readonly onActivity: (activity: AgentActivity) => void
}

export interface EndpointMeasurement extends MeasuredOnce {
  readonly model: string
  readonly engine: EngineFacts
  readonly environment: Environment
  readonly client: ClientCost
}

/** What measuring cost this process. */
export interface ClientCost {
  /** CPU time of all its threads, user and system, while it measured. */
  readonly cpuSeconds: number
  readonly peakResidentBytes: number
}

/**
 * Measures an endpoint with the agent’s own runner, without a coordinator: probes it, warms up,
 * measures, judges.
 *
 * @throws FmworkError ENGINE_UNREACHABLE, CONFIGURATION_INFEASIBLE when the endpoint cannot be
 *   measured at all; a trial that failed is an outcome.
 */
export async function measureEndpoint(
  order: EndpointOrder,
  deps: EndpointDeps,
  signal: AbortSignal,
): Promise<EndpointMeasurement> {
  const { clock, log } = deps
  const baseUrl = serverRoot(order.baseUrl)
  const model = order.model ?? (await firstModel({ baseUrl, apiKey: order.apiKey, signal }))
  const block = {
    model,
    engine: 'openai',
    engineArgs: { base_url: baseUrl, endpoint: order.api },
    hardware: 'unknown',
    tensorParallel: 1,
  }
  const engine = await createOpenAiEngine({
    allowedBaseUrls: [baseUrl],
    ...(order.apiKey === undefined ? {} : { apiKey: order.apiKey }),
    clock,
  }).start({ block, maxLoad: order.load, maxContextTokens: longest(order) }, signal)
  const host = await openHost({
    clock,
    log,
    agent: 'fmwork measure',
    agentVersion: deps.agentVersion,
    accelerators: isLoopback(baseUrl) ? 'detect' : 'none',
  })
  const most = order.threads ?? threadsFor(host.environment.cpuCount)
  const load = new ThreadedLoad(clock, most, () => new WorkerLoad(clock))
  try {
    const { inputTokens, outputTokens, workload, metrics, plan, seed } = order
    const before = process.cpuUsage()
    const measured = await measureOnce(
      engine,
      {
        trialId: 'measure',
        configuration: { ...block, load: order.load, inputTokens, outputTokens },
        workload,
        metrics,
        plan,
        seed,
        ...order.options,
      },
      { clock, log, host, load },
      signal,
      deps.onActivity,
    )
    const { user, system } = process.cpuUsage(before)
    const client = {
      cpuSeconds: (user + system) / 1e6,
      peakResidentBytes: process.resourceUsage().maxRSS * 1024,
    }
    return { ...measured, model, engine: engine.facts, environment: host.environment, client }
  } finally {
    await load.close()
    await host.close()
    await engine.stop()
  }
}

/** The server’s devices are this host’s. */
const isLoopback = (url: string) =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)

/** Prompt plus output of the longest request whose prompt is made here. */
function longest({ options, inputTokens, outputTokens }: EndpointOrder): number {
  return (options.listed?.requests ?? [{ inputTokens, outputTokens }]).reduce(
    (most, request) =>
      'prompt' in request ? most : Math.max(most, request.inputTokens + request.outputTokens),
    1,
  )
}
