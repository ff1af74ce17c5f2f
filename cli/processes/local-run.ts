import { join } from 'node:path'
import { FmworkError } from '../../shared/domain/errors.js'
import type { Clock } from '../../shared/process/clock.js'
import {
  agentArguments,
  coordinatorArguments,
  readyAddress,
  readyDashboard,
} from './program-arguments.js'
import { programFailure } from './program-failure.js'
import type { Program, StartProgram } from './program.js'

/** Seconds a program may take to finish what it holds before it is killed. */
const graceSeconds = 15
const maxRestartsPerAgent = 3

export interface LocalRunOptions {
  readonly dataFolder: string
  readonly agents: number
  /** Engine kinds that the agents may run. */
  readonly engines: readonly string[]
  readonly startProgram: StartProgram
  readonly clock: Clock
  /** Where the coordinator listens; a free loopback port when absent. */
  readonly listen?: string
  /** Where the dashboard is served; nowhere when absent. */
  readonly http?: string
  /** Told when an agent had to be started again. */
  readonly note: (text: string) => void
}

const logFile = (options: LocalRunOptions, name: string): string =>
  join(options.dataFolder, 'logs', `${name}.log`)

/**
 * A coordinator and its agents on loopback, as children of this process: the same programs and the
 * same wire as a run over many hosts.
 */
export class LocalRun {
  readonly address: string
  /** Where a browser finds the dashboard, if it is served. */
  readonly dashboard: string | undefined
  /** Rejects when the run cannot go on: the coordinator ended, or an agent keeps ending. */
  readonly broken: Promise<never>
  readonly #options: LocalRunOptions
  readonly #coordinator: Program
  readonly #agents = new Map<string, Program>()
  #break: (error: FmworkError) => void = () => undefined
  #stopping: Promise<void> | undefined

  private constructor(
    options: LocalRunOptions,
    coordinator: Program,
    { address, dashboard }: { readonly address: string; readonly dashboard: string | undefined },
  ) {
    this.#options = options
    this.#coordinator = coordinator
    this.address = address
    this.dashboard = dashboard
    this.broken = new Promise((_, reject) => {
      this.#break = reject
    })
    this.broken.catch(() => undefined)
    void coordinator.ended.then((end) => {
      if (this.#stopping !== undefined) return
      this.#break(programFailure('coordinator', end, logFile(options, 'coordinator')))
    })
  }

  /**
   * Starts the coordinator, then the agents; resolves when the coordinator listens.
   *
   * @throws FmworkError whatever the coordinator could not start for: PORT_IN_USE,
   *   DATA_FOLDER_UNWRITABLE, DATA_FOLDER_LOCKED, STORE_CORRUPT.
   */
  static async start(options: LocalRunOptions): Promise<LocalRun> {
    const coordinator = options.startProgram({
      name: 'coordinator',
      kind: 'coordinator',
      args: coordinatorArguments(options),
      logFile: logFile(options, 'coordinator'),
    })
    let run: LocalRun
    try {
      const ready = await coordinator.ready
      run = new LocalRun(options, coordinator, {
        address: readyAddress(ready),
        dashboard: readyDashboard(ready),
      })
    } catch (error) {
      await coordinator.stop(graceSeconds)
      throw error
    }
    for (let number = 1; number <= options.agents; number += 1)
      run.#startAgent(`agent-${number}`, 0)
    return run
  }

  #startAgent(name: string, restarts: number): void {
    const { dataFolder, engines, startProgram, note, clock } = this.#options
    const agent = startProgram({
      name,
      kind: 'agent',
      args: agentArguments({ name, address: this.address, dataFolder, engines }),
      logFile: logFile(this.#options, name),
    })
    this.#agents.set(name, agent)
    void agent.ended.then((end) => {
      if (this.#stopping !== undefined) return
      const failure = programFailure(name, end, logFile(this.#options, name))
      if (restarts >= maxRestartsPerAgent) {
        this.#break(
          new FmworkError(failure.code, `${name} ended ${restarts + 1} times: ${failure.message}`, {
            hint: failure.hint,
            problems: failure.problems,
          }),
        )
        return
      }
      note(`${name} ended (${failure.message}); starting it again`)
      clock.after(2 ** restarts, () => {
        if (this.#stopping === undefined) this.#startAgent(name, restarts + 1)
      })
    })
  }

  /** Stops agents, then the coordinator, letting each finish what it must. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopInOrder()
    return this.#stopping
  }

  async #stopInOrder(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.stop(graceSeconds)))
    await this.#coordinator.stop(graceSeconds)
  }

  /** Ends every process at once. What was acknowledged is on disk. */
  kill(): void {
    this.#stopping ??= Promise.resolve()
    for (const program of [...this.#agents.values(), this.#coordinator]) program.kill()
  }
}
