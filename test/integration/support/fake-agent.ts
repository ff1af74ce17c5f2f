import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine, EngineDemand, RunningEngine } from '../../../agent/engine/engine.js'
import type { TrialObserver, TrialRunner } from '../../../agent/run/trial-runner.js'
import type { AgentParts } from '../../../agent/session/agent.js'
import type { TrialOrder } from '../../../shared/domain/lease.js'
import type { TrialOutcome } from '../../../shared/domain/trial.js'
import { systemClock } from '../../../shared/process/clock.js'
import { createLog } from '../../../shared/process/log.js'
import { connectAgentLink } from '../../../shared/rpc/agent-link.js'
import { environment, measurement } from './examples.js'

/** An engine that is a flag: counts its starts, and dies when told. */
export class FakeEngine implements Engine {
  readonly kind = 'simulated'
  readonly demands: EngineDemand[] = []
  running = 0
  mostRunning = 0
  stopped = 0
  /** Called at every start; may throw. */
  onStart: (demand: EngineDemand) => void | Promise<void> = () => undefined
  crash: (reason: string) => void = () => undefined

  async start(demand: EngineDemand): Promise<RunningEngine> {
    this.demands.push(demand)
    await this.onStart(demand)
    this.running += 1
    this.mostRunning = Math.max(this.mostRunning, this.running)
    let end: (reason: string) => void = () => undefined
    let up = true
    const exited = new Promise<string>((resolve) => {
      end = (reason) => {
        if (!up) return
        up = false
        this.running -= 1
        resolve(reason)
      }
    })
    this.crash = end
    return {
      facts: { kind: 'simulated', version: '1', effectiveArgs: {} },
      endpoint: {
        baseUrl: 'http://127.0.0.1:1',
        model: 'm',
        acceptsTokenIds: true,
        promptTokenRange: [0, 10],
      },
      processIds: [],
      exited,
      resetCache: () => Promise.resolve(),
      stop: () => {
        this.stopped += 1
        end('stopped')
        return Promise.resolve()
      },
    }
  }
}

/** A runner that answers at once, or when the test says. */
export class FakeRunner implements TrialRunner {
  readonly ran: string[] = []
  readonly aborted: string[] = []
  outcome: (
    order: TrialOrder,
    engine: RunningEngine,
    observer: TrialObserver,
  ) => Promise<TrialOutcome> = () =>
    Promise.resolve({ kind: 'measured', measurement: measurement() })

  runIn(): Promise<void> {
    return Promise.resolve()
  }

  async run(
    order: TrialOrder,
    engine: RunningEngine,
    observer: TrialObserver,
    signal: AbortSignal,
  ): Promise<TrialOutcome> {
    this.ran.push(order.trialId)
    let abort: () => void = () => undefined
    const aborted = new Promise<TrialOutcome>((resolve) => {
      abort = () => {
        this.aborted.push(order.trialId)
        resolve({ kind: 'failed', code: 'REQUEST_FAILED', reason: 'aborted', deviceSeconds: 0 })
      }
    })
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await Promise.race([this.outcome(order, engine, observer), aborted])
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }
}

export interface FakeAgentParts extends AgentParts {
  readonly engine: FakeEngine
  readonly runner: FakeRunner
}

/** Everything an agent is made of but its connection, which is real. */
export function agentParts(
  address: string,
  options: { readonly name?: string; readonly stateDir?: string; readonly token?: string } = {},
): FakeAgentParts {
  const engine = new FakeEngine()
  const runner = new FakeRunner()
  const { token } = options
  return {
    name: options.name ?? 'agent-1',
    stateDir: options.stateDir ?? temporaryFolder(),
    link: connectAgentLink(address, {
      clock: systemClock,
      ...(token === undefined ? {} : { token }),
    }),
    engine,
    engines: new Map([['simulated', engine]]),
    runner,
    runnerOn: () => runner,
    host: {
      environment,
      hardware: 'cpu',
      deviceIds: ['cpu'],
      quiet: () => Promise.resolve(() => undefined),
      pulse: () => ({ utilizationPercent: 50 }),
    },
    lag: () => 1,
    clock: systemClock,
    log: createLog({ name: 'agent', level: process.env.FMWORK_TEST_LOG ?? 'silent' }),
  }
}

const folders: string[] = []

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
  folders.push(folder)
  return folder
}

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}
