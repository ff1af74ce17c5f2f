import { join } from 'node:path'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { AgentLink } from '../../shared/rpc/agent-link.js'
import { createRandom } from '../../shared/stats/random.js'
import type { Engine } from '../engine/engine.js'
import type { Host } from '../host/host.js'
import { Backoff } from './backoff.js'
import { claimedDevices, DevicePool } from './device-pool.js'
import type { AgentVitals } from './metrics-page.js'
import { Outbox } from './outbox.js'
import { reportForEver } from './reporter.js'
import { SessionKeeper } from './session.js'
import { lockState } from './state-lock.js'
import { VitalSigns } from './vital-signs.js'
import { WorkGate } from './work-gate.js'
import type { RunnerOn } from './work-loop.js'
import { Workforce } from './workforce.js'

export interface AgentParts {
  /** Stable over restarts. */
  readonly name: string
  /** Outbox and lock; one agent’s alone. */
  readonly stateDir: string
  readonly link: AgentLink
  readonly engines: ReadonlyMap<string, Engine>
  readonly runnerOn: RunnerOn
  readonly host: Pick<Host, 'environment' | 'hardware' | 'deviceIds' | 'quiet' | 'pulse'>
  /** SHA-256 of the data files that workloads may use here. */
  readonly data?: readonly string[]
  /** Hardware class and device count to claim instead of what was found. */
  readonly hardware?: string
  readonly deviceCount?: number
  readonly lag: () => number
  readonly clock: Clock
  readonly log: Log
}

export interface RunningAgent {
  /** Resolves after `stop`. Rejects with VERSION_MISMATCH or AUTHENTICATION_FAILED when refused. */
  readonly done: Promise<void>
  /**
   * Finishes the running trial, or cuts it after `graceSeconds` (5 when absent), gives the lease
   * back, and sends what waits as far as the coordinator is there. Idempotent; never rejects.
   */
  stop(graceSeconds?: number): Promise<void>
  /** How it stands now. */
  vitals(): AgentVitals
}

/** Seconds for the last results to arrive, and for an engine that does not want to end. */
const farewellSeconds = 3
const engineSeconds = 10

/**
 * Puts an agent together and sets it to work.
 *
 * @throws FmworkError DATA_FOLDER_LOCKED, DATA_FOLDER_UNWRITABLE, DISK_FULL
 */
export async function openAgent(parts: AgentParts): Promise<RunningAgent> {
  const { name, stateDir, link, engines, host, clock, log } = parts
  const unlock = lockState(stateDir)
  let outbox: Outbox
  try {
    outbox = await Outbox.open({ folder: join(stateDir, 'outbox'), agent: name, clock, log })
  } catch (error) {
    unlock()
    throw error
  }
  const devices = new DevicePool(claimedDevices(host.deviceIds, parts.deviceCount))
  const random = createRandom(0).fork(name)
  const signs = new VitalSigns({ lag: parts.lag, host: () => host.pulse() })
  const ending = new AbortController()
  const reporting = new AbortController()
  let reporter: Promise<unknown> | undefined
  const startReporter = () => {
    // Not before the first welcome, which tells whether our numbers are those of this coordinator.
    reporter ??= reportForEver(
      {
        outbox,
        report: (batch) => link.report(batch),
        clock,
        backoff: new Backoff(random.fork('report'), { firstSeconds: 0.25, mostSeconds: 10 }),
        log,
        refused: (trialIds) => force.refused(trialIds),
      },
      reporting.signal,
    ).catch((error: unknown) => {
      if (!reporting.signal.aborted) log.error({ err: error }, 'reporter failed')
    })
  }
  const keeper: SessionKeeper = new SessionKeeper({
    link,
    clock,
    backoff: new Backoff(random.fork('session')),
    log,
    introduce: () => ({
      agent: name,
      hardware: parts.hardware ?? host.hardware,
      deviceCount: devices.size,
      engines: [...engines.keys()],
      environment: host.environment,
      held: force.held,
      ...(parts.data === undefined ? {} : { data: parts.data }),
    }),
    line: {
      revoke: (leaseId, reason) => force.revoke(leaseId, reason),
      drain: (reason) => force.drain(reason),
      wake: () => force.wake(),
    },
    pulse: () => signs.pulse(),
    async welcomed(session) {
      await outbox.acknowledge(session.welcome.acknowledgedSequence)
      // Another coordinator, or a newer one: what was refused may be welcome now.
      await outbox.readmit()
      startReporter()
      force.welcomed()
    },
  })
  const force: Workforce = new Workforce(devices.size, {
    sessions: keeper,
    engines,
    runnerOn: parts.runnerOn,
    outbox,
    clock,
    log,
    signs,
    gate: new WorkGate(devices),
    devices,
    quiet: (ids, signal, onWait) => host.quiet(signal, onWait, knownTo(host, ids)),
  })

  const session = keeper.run(ending.signal)
  const working = force.run()
  /** Resolves after `seconds` at the latest. */
  const within = async (seconds: number, task: (signal: AbortSignal) => Promise<unknown>) => {
    const enough = new AbortController()
    const timer = clock.sleep(seconds, enough.signal).then(
      () => enough.abort(new Error(`not within ${seconds} s`)),
      () => undefined, // Done in time.
    )
    const finished = task(enough.signal).catch((error: unknown) => {
      log.info({ reason: error instanceof Error ? error.message : String(error) }, 'left undone')
    })
    await Promise.race([finished, timer])
    enough.abort()
  }
  let stopping: Promise<void> | undefined
  const stop = async (graceSeconds: number) => {
    log.info({ graceSeconds }, 'stopping')
    force.stop(graceSeconds)
    await within(graceSeconds + engineSeconds, () => working)
    await within(farewellSeconds, (signal) => force.handBack(signal))
    // What cannot be sent now is on disk and goes out in the next life.
    if (keeper.current !== undefined) {
      await within(farewellSeconds, (signal) => outbox.drained(signal))
    }
    ending.abort(new Error('the agent is stopping'))
    reporting.abort(new Error('the agent is stopping'))
    await within(farewellSeconds, async () => {
      await session.catch(() => undefined) // Its failure is told by `done`.
      await reporter
    })
    await outbox.close()
    link.close()
    unlock()
    log.info('stopped')
  }
  const stopOnce = (graceSeconds = 5) => (stopping ??= stop(graceSeconds))
  const done = session.then(
    () => stopOnce(),
    async (error: unknown) => {
      await stopOnce(0)
      throw error
    },
  )
  done.catch(() => undefined)
  const vitals = (): AgentVitals => ({
    connected: keeper.current !== undefined,
    leases: force.held.length,
    outboxBatches: outbox.waiting,
    quarantined: outbox.quarantined,
    dropped: outbox.dropped,
  })
  return { done, stop: stopOnce, vitals }
}

/** Devices as the host names them; undefined, which is all it has, for devices that are only claimed. */
function knownTo(
  host: Pick<Host, 'deviceIds'>,
  ids: readonly string[],
): readonly string[] | undefined {
  return ids.length > 0 && ids.every((id) => host.deviceIds.includes(id)) ? ids : undefined
}
