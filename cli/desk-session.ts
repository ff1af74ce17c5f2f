import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { databaseFile } from '../coordinator/store/open-store.js'
import { FmworkError } from '../shared/domain/errors.js'
import type { SweepDesk } from '../shared/domain/sweep-desk.js'
import type { CliContext, DeskAccess } from './context.js'
import { checkOpen } from './dashboard.js'
import { deskAccess } from './desk-access.js'
import type { DeskAccessOptions } from './desk-access.js'
import { announceCoordinator, announcedCoordinator } from './processes/coordinator-address.js'
import { LocalRun } from './processes/local-run.js'

/** Where a command finds its coordinator: one that runs already, or one that it starts itself. */
export interface DeskOptions extends DeskAccessOptions {
  readonly data: string
  readonly coordinator?: string
  readonly listen?: string
  /** Where a coordinator started here serves its dashboard; `false`: nowhere. */
  readonly http?: string | false
  /** Shows that dashboard in a browser. */
  readonly open?: boolean
  readonly agents: number
}

export interface DeskSession {
  readonly desk: SweepDesk
  /** True when the coordinator lives on after this command. */
  readonly remote: boolean
  /** Where a browser finds the dashboard of a coordinator that was started here. */
  readonly dashboard?: string
  /** Rejects when the coordinator or an agent of our own cannot go on; never resolves. */
  readonly broken: Promise<never>
  /** Stops what was started here, in order. */
  close(): Promise<void>
  /** Ends what was started here at once. */
  kill(): void
}

const never = new Promise<never>(() => undefined)

async function remoteSession(
  context: CliContext,
  address: string,
  access: DeskAccess,
): Promise<DeskSession> {
  const connection = await context.connect(address, access)
  return {
    desk: connection.desk,
    remote: true,
    broken: never,
    close: () => connection.close(),
    kill: () => undefined,
  }
}

const isLocked = (error: unknown): boolean =>
  error instanceof FmworkError && error.code === 'DATA_FOLDER_LOCKED'

/**
 * The coordinator named, or one of the data folder’s own. Agents are started only when `engines`
 * names the kinds they may run; a command without agents also takes a coordinator that runs on the
 * folder already.
 *
 * @throws FmworkError DATA_FOLDER_LOCKED when agents are wanted and a coordinator runs there; USAGE
 *   for a dashboard that could not be opened; the errors of LocalRun.start.
 */
export async function openDesk(
  context: CliContext,
  options: DeskOptions,
  engines: readonly string[],
  note: (text: string) => void,
): Promise<DeskSession> {
  checkOpen(options)
  const access = deskAccess(options)
  if (options.coordinator !== undefined) return remoteSession(context, options.coordinator, access)
  try {
    return await localSession(context, options, engines, note)
  } catch (error) {
    const address = announcedCoordinator(options.data)
    if (!isLocked(error) || address === undefined) throw error
    if (engines.length === 0) return remoteSession(context, address, access)
    throw new FmworkError(
      'DATA_FOLDER_LOCKED',
      `a coordinator is running on the data folder ${options.data}, at ${address}`,
      {
        hint: `Give --coordinator ${address} to use that one, or another --data DIR.`,
        cause: error,
      },
    )
  }
}

/**
 * The coordinator named, or the one that runs on the data folder; starts none.
 *
 * @throws FmworkError COORDINATOR_UNREACHABLE when none runs there
 */
export async function openRunningDesk(
  context: CliContext,
  options: DeskOptions,
): Promise<DeskSession> {
  const address = options.coordinator ?? announcedCoordinator(options.data)
  const none = (cause?: unknown) =>
    new FmworkError(
      'COORDINATOR_UNREACHABLE',
      `no coordinator is running on the data folder ${options.data}`,
      {
        hint: 'Name one with --coordinator HOST:PORT, or start one: `fmwork coordinator --data DIR`. `fmwork run` and `fmwork resume` need none.',
        cause,
      },
    )
  if (address === undefined) throw none()
  const session = await remoteSession(context, address, deskAccess(options))
  if (options.coordinator !== undefined) return session
  try {
    await session.desk.list()
    return session
  } catch (error) {
    await session.close()
    const gone = error instanceof FmworkError && error.code === 'COORDINATOR_UNREACHABLE'
    throw gone ? none(error) : error
  }
}

async function localSession(
  context: CliContext,
  options: DeskOptions,
  engines: readonly string[],
  note: (text: string) => void,
): Promise<DeskSession> {
  const local = await LocalRun.start({
    dataFolder: options.data,
    agents: engines.length === 0 ? 0 : options.agents,
    engines,
    startProgram: context.startProgram,
    clock: context.clock,
    ...(options.listen === undefined ? {} : { listen: options.listen }),
    // Only commands that run for a while offer it.
    ...(typeof options.http === 'string' ? { http: options.http } : {}),
    note,
  })
  const withdraw = announceCoordinator(options.data, local.address)
  const connection = await context.connect(local.address, {})
  return {
    desk: connection.desk,
    remote: false,
    ...(local.dashboard === undefined ? {} : { dashboard: local.dashboard }),
    broken: local.broken,
    async close() {
      withdraw()
      await connection.close()
      await local.stop()
    },
    kill: () => {
      local.kill()
    },
  }
}

/** A command that only reads must not create a data folder by looking into it. */
export function requireDataFolder(options: DeskOptions): void {
  if (options.coordinator !== undefined || existsSync(join(options.data, databaseFile))) return
  throw new FmworkError('SWEEP_NOT_FOUND', `${options.data} holds no sweeps`, {
    problems: [
      {
        field: '--data',
        value: options.data,
        expected: 'expected a folder that `fmwork run` has written',
      },
    ],
    hint: 'Give the folder with --data DIR or its coordinator with --coordinator HOST:PORT; `fmwork init` and `fmwork run FILE` make a first sweep.',
  })
}
