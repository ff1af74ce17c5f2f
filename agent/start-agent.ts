import { readFileSync } from 'node:fs'
import { callerNamePattern } from '../shared/domain/access.js'
import { FmworkError } from '../shared/domain/errors.js'
import { systemClock } from '../shared/process/clock.js'
import type { Clock } from '../shared/process/clock.js'
import { formatAddress, parseAddress } from '../shared/process/config.js'
import type { Log } from '../shared/process/log.js'
import { makeFolder } from '../shared/process/make-folder.js'
import { connectAgentLink } from '../shared/rpc/agent-link.js'
import type { ChannelTls, TlsSource } from '../shared/rpc/tls.js'
import { createEngine } from './engine/engines.js'
import type { EnginePermits } from './engine/permit/engine-permits.js'
import { openHost } from './host/host.js'
import { onDevices } from './host/on-devices.js'
import type { NoiseThresholds } from './host/noise.js'
import { threadsFor, ThreadedLoad } from './run/load/threaded-load.js'
import { WorkerLoad } from './run/load/worker-load.js'
import { openDataShelf } from './run/workload/data-shelf.js'
import { createTrialRunner } from './run/runner.js'
import type { TrialRunner } from './run/trial-runner.js'
import { openAgent } from './session/agent.js'
import type { RunningAgent } from './session/agent.js'
import { openMetricsPage } from './session/metrics-page.js'
import type { MetricsPage } from './session/metrics-page.js'
import { watchEventLoopLag } from './session/event-loop-lag.js'

export interface StartAgentOptions {
  /** HOST:PORT */
  readonly coordinator: string
  /** Stable over restarts, different for every agent of a coordinator. */
  readonly name: string
  /** Folder of this agent alone: outbox, lock, engine logs. */
  readonly stateDir: string
  /** Engine kinds that it may run; nothing else ever starts. */
  readonly engines: readonly string[]
  /** Programs that it may start for them, and how: its own engine file. */
  readonly permits?: EnginePermits
  /** Lets the embedded engine use a GPU. */
  readonly gpu?: boolean
  /** Where generated models are kept. */
  readonly cacheFolder?: string
  /** Servers that the openai engine may attach to; any, but without a key, when absent. */
  readonly allowedBaseUrls?: readonly string[]
  /** Folders whose data files a sweep’s workload may use; no file is opened when absent. */
  readonly dataFolders?: readonly string[]
  /** Hardware class and device count to claim instead of what is found. */
  readonly hardware?: string
  readonly deviceCount?: number
  /** A function is asked at every call: tokens are replaced without a restart. */
  readonly token?: string | (() => string)
  /** A source is asked at every new connection, for the same reason. */
  readonly tls?: ChannelTls | TlsSource<ChannelTls>
  /** Disturbance that a measurement may bear; the defaults are what makes numbers defensible. */
  readonly thresholds?: NoiseThresholds
  /** HOST:PORT of loopback for Prometheus; none is served when absent. */
  readonly metricsListen?: string
  readonly log: Log
  readonly clock?: Clock
}

/** Kinds that compute on the CPU unless told otherwise: their numbers say nothing of a GPU. */
const cpuKinds = ['embedded', 'simulated', 'recorded']

const version = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/**
 * Starts an agent: finds out what the machine is, connects for ever, measures what it is ordered to.
 * A coordinator that is not there yet is waited for.
 *
 * @throws FmworkError USAGE, ENGINE_NOT_ALLOWED, DATA_FOLDER_LOCKED, DATA_FOLDER_UNWRITABLE
 */
export async function startAgent(options: StartAgentOptions): Promise<RunningAgent> {
  const { name, stateDir, engines, gpu = false, log, clock = systemClock } = options
  const address = formatAddress(parseAddress(options.coordinator, '--coordinator'))
  if (!callerNamePattern.test(name)) {
    throw new FmworkError('USAGE', 'an agent needs a name of its own', {
      problems: [
        {
          field: '--name',
          value: JSON.stringify(name),
          expected: 'expected letters, digits, . _ - (at most 63)',
        },
      ],
    })
  }
  makeStateFolder(stateDir)
  const onlyCpu = !gpu && engines.every((kind) => cpuKinds.includes(kind))
  const table = new Map(
    engines.map((kind) => [
      kind,
      createEngine(kind, {
        stateDir,
        allowed: engines,
        log,
        clock,
        gpu,
        ...(options.permits === undefined ? {} : { permits: options.permits }),
        ...(options.cacheFolder === undefined ? {} : { cacheFolder: options.cacheFolder }),
        ...(options.allowedBaseUrls === undefined
          ? {}
          : { allowedBaseUrls: options.allowedBaseUrls }),
      }),
    ]),
  )
  const data = await openDataShelf(options.dataFolders ?? [])
  const host = await openHost({
    clock,
    log,
    agent: name,
    agentVersion: version(),
    accelerators: onlyCpu ? 'none' : 'detect',
  })
  const threads = threadsFor(host.environment.cpuCount)
  const load = new ThreadedLoad(clock, threads, () => new WorkerLoad(clock))
  const lag = watchEventLoopLag()
  const closeParts = async () => {
    lag.stop()
    await load.close()
    await host.close()
  }
  const link = connectAgentLink(address, {
    clock,
    log,
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  })
  /** By devices: a runner remembers how noisy they were. */
  const runners = new Map<string, TrialRunner>()
  let agent: RunningAgent
  try {
    agent = await openAgent({
      name,
      stateDir,
      link,
      engines: table,
      runnerOn: (devices, siblings) => {
        const key = devices.join()
        const runner =
          runners.get(key) ??
          createTrialRunner({
            clock,
            log,
            host: onDevices(host, devices, siblings),
            load,
            data,
            ...(options.thresholds === undefined ? {} : { thresholds: options.thresholds }),
          })
        runners.set(key, runner)
        return runner
      },
      host,
      data: data.hashes,
      ...(options.hardware === undefined ? {} : { hardware: options.hardware }),
      ...(options.deviceCount === undefined ? {} : { deviceCount: options.deviceCount }),
      lag: () => lag.take(),
      clock,
      log,
    })
  } catch (error) {
    link.close()
    await closeParts()
    throw error
  }
  log.info({ agent: name, coordinator: address, engines, hardware: host.hardware }, 'agent started')
  let page: MetricsPage | undefined
  if (options.metricsListen !== undefined) {
    try {
      page = await openMetricsPage(options.metricsListen, () => agent.vitals())
    } catch (error) {
      await agent.stop(0)
      await closeParts()
      throw error
    }
    log.info({ url: page.url }, 'metrics')
  }
  const done = agent.done.finally(async () => {
    await page?.close()
    await closeParts()
  })
  done.catch(() => undefined)
  return {
    done,
    vitals: () => agent.vitals(),
    async stop(graceSeconds) {
      await agent.stop(graceSeconds)
      await done.catch(() => undefined) // Its failure is told by `done`.
    },
  }
}

function makeStateFolder(folder: string): void {
  try {
    makeFolder(folder)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new FmworkError('DATA_FOLDER_UNWRITABLE', `cannot use the agent folder: ${reason}`, {
      cause: error,
    })
  }
}
