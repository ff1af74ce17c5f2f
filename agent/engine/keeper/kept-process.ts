import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { EngineLog } from '../process/log-tail.js'
import { programBeside } from '../process/program-path.js'
import { signalGroup } from '../process/process-group.js'
import { endNow } from './end-processes.js'
import type { EngineRegister } from './engine-register.js'
import { parseKeeperWord } from './keeper-protocol.js'
import type { KeeperOrder, KeeperWord } from './keeper-protocol.js'

export interface KeptProcessOptions {
  readonly executable: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Working folder. */
  readonly cwd: string
  /** Where its output goes. Closed by the caller. */
  readonly log: EngineLog
  /** Between the request to stop and SIGKILL. */
  readonly graceSeconds: number
  readonly clock: Clock
  /** Devices that it may use; all of the host’s when absent. */
  readonly devices?: readonly string[]
  /** Where it is noted for as long as it runs. */
  readonly register?: EngineRegister
}

/** How a program ended. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: string | null
  /** Whether we asked for it. */
  readonly asked: boolean
}

const keeperProgram = programBeside(import.meta.url, './keeper-main.js')

/** Beyond its own grace, how long a keeper may take before it is given up. */
const keeperMarginSeconds = 30

/**
 * A program of somebody else, started without a shell in a process group of its own. However it or
 * this agent ends, everything that it started ends with it.
 */
export class KeptProcess {
  readonly pid: number
  /** Resolves once nothing of it runs any more; never rejects. */
  readonly ended: Promise<ProcessEnd>
  readonly #keeper: ChildProcess
  readonly #options: KeptProcessOptions
  readonly #mark: string
  #end: Omit<ProcessEnd, 'asked'> = { code: null, signal: 'SIGKILL' }
  #asked = false
  #stopping: Promise<void> | undefined

  private constructor(keeper: Keeper, pid: number, mark: string, options: KeptProcessOptions) {
    this.#keeper = keeper.child
    this.pid = pid
    this.#mark = mark
    this.#options = options
    keeper.onWord = (word) => {
      if (word.kind === 'exited') this.#end = { code: word.code, signal: word.signal }
    }
    const forget = options.register?.add(
      { keeper: keeper.child.pid ?? pid, engine: pid, mark },
      options.devices ?? [],
    )
    this.ended = keeper.exited.then(async () => {
      // A keeper that was itself killed could end nothing.
      await endNow({ pid, mark }, options.clock)
      forget?.()
      return { ...this.#end, asked: this.#asked }
    })
  }

  /** @throws FmworkError ENGINE_FAILED when the program cannot be started. */
  static async start(options: KeptProcessOptions): Promise<KeptProcess> {
    const { executable, args, env, cwd, graceSeconds } = options
    const mark = randomUUID()
    const keeper = new Keeper(options.log)
    const order: KeeperOrder = { executable, args: [...args], env, cwd, mark, graceSeconds }
    keeper.child.stdin?.write(`${JSON.stringify(order)}\n`)
    const word = await keeper.firstWord
    if (word.kind === 'spawned') return new KeptProcess(keeper, word.pid, mark, options)
    await keeper.exited
    const reason = word.kind === 'failed' ? word.message : 'its keeper ended'
    throw new FmworkError('ENGINE_FAILED', `cannot start ${executable}: ${reason}`)
  }

  /** Asks the program to end, then insists. Idempotent; never rejects. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#asked = true
    const { clock, graceSeconds } = this.#options
    this.#keeper.stdin?.end()
    const giveUp = clock.after(graceSeconds + keeperMarginSeconds, () => this.#killKeeper())
    await this.ended
    giveUp()
  }

  /** Ends the program at once, as if it had failed; resolves when it is gone. */
  async kill(): Promise<void> {
    await endNow({ pid: this.pid, mark: this.#mark }, this.#options.clock)
    await this.ended
  }

  #killKeeper(): void {
    if (this.#keeper.pid !== undefined) signalGroup(this.#keeper.pid, 'SIGKILL')
  }
}

/** The process that stands between us and the program. */
class Keeper {
  readonly child: ChildProcess
  /** `exited` with no code when the keeper itself came to nothing. */
  readonly firstWord: Promise<KeeperWord>
  readonly exited: Promise<void>
  onWord: (word: KeeperWord) => void = () => undefined

  constructor(log: EngineLog) {
    this.child = spawn(process.execPath, [keeperProgram], {
      stdio: ['pipe', 'pipe', log.descriptor],
      detached: true,
    })
    // A keeper that dies before it reads: its exit tells the story.
    this.child.stdin?.on('error', () => undefined)
    const { stdout } = this.child
    this.exited = new Promise((resolve) => {
      // After 'close' nothing is left to read.
      this.child.once('close', () => resolve())
      this.child.once('error', () => resolve())
    })
    this.firstWord = new Promise((resolve) => {
      if (stdout !== null) {
        createInterface({ input: stdout }).on('line', (line) => {
          const word = parseKeeperWord(line)
          this.onWord(word)
          resolve(word)
        })
      }
      void this.exited.then(() => resolve({ kind: 'exited', code: null, signal: null }))
    })
  }
}
