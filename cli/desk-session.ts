import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { databaseFile } from '../coordinator/store/open-store.js'
import { FmworkError } from '../shared/domain/errors.js'
import { readTokenFile } from '../shared/process/config.js'
import type { SweepDesk } from '../shared/domain/sweep-desk.js'
import type { CliContext } from './context.js'
import { LocalRun } from './processes/local-run.js'

/** Where a command finds its coordinator: one that runs already, or one that it starts itself. */
export interface DeskOptions {
  readonly data: string
  readonly coordinator?: string
  readonly tokenFile?: string
  readonly listen?: string
  readonly agents: number
}

export interface DeskSession {
  readonly desk: SweepDesk
  /** Rejects when the coordinator or an agent of our own cannot go on; never resolves. */
  readonly broken: Promise<never>
  /** Stops what was started here, in order. */
  close(): Promise<void>
  /** Ends what was started here at once. */
  kill(): void
}

const never = new Promise<never>(() => undefined)

/** Starts agents only when `engines` names the kinds they may run. */
export async function openDesk(
  context: CliContext,
  options: DeskOptions,
  engines: readonly string[],
  note: (text: string) => void,
): Promise<DeskSession> {
  const access = options.tokenFile === undefined ? {} : { token: readTokenFile(options.tokenFile) }
  if (options.coordinator !== undefined) {
    const connection = context.connect(options.coordinator, access)
    return {
      desk: connection.desk,
      broken: never,
      close: () => connection.close(),
      kill: () => undefined,
    }
  }
  const local = await LocalRun.start({
    dataFolder: options.data,
    agents: engines.length === 0 ? 0 : options.agents,
    engines,
    startProgram: context.startProgram,
    clock: context.clock,
    ...(options.listen === undefined ? {} : { listen: options.listen }),
    note,
  })
  const connection = context.connect(local.address, access)
  return {
    desk: connection.desk,
    broken: local.broken,
    async close() {
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
  })
}
