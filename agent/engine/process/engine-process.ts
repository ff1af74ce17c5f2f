import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Clock } from '../../../shared/process/clock.js'
import { parseChildAnswer } from './child-protocol.js'
import type { ChildReady } from './child-protocol.js'
import { lastWords } from './last-words.js'
import { EngineLog } from './log-tail.js'
import { signalGroup } from './process-group.js'

/** Lines of the end of a log that a message quotes from, and how many. */
const searchedLines = 400
const quotedLines = 5

export interface EngineProcessOptions {
  /** Engine kind, for messages. */
  readonly kind: string
  /** Compiled program to run with this Node. */
  readonly program: string
  /** Sent as one JSON line; holds no secret that a log may not show. */
  readonly settings: object
  readonly logFile: string
  readonly env?: Readonly<Record<string, string>>
  /** Longest wait for the engine to be ready, seconds. */
  readonly startSeconds: number
  /** How long a stopped engine may take before it is killed, seconds. */
  readonly graceSeconds: number
  readonly clock: Clock
}

/** A child process of ours that serves an engine; it ends when the agent does, however that ends. */
export class EngineProcess {
  readonly pid: number
  /** Resolves with the reason once the process is gone; never rejects. */
  readonly exited: Promise<string>
  readonly #child: ChildProcess
  readonly #log: EngineLog
  readonly #options: EngineProcessOptions
  #stopping: Promise<void> | undefined

  private constructor(
    child: ChildProcess,
    pid: number,
    log: EngineLog,
    options: EngineProcessOptions,
  ) {
    this.#child = child
    this.pid = pid
    this.#log = log
    this.#options = options
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(this.#describeExit(code, signal))
        this.#killGroup()
        log.close()
      })
    })
  }

  #describeExit(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#stopping !== undefined) return 'it was stopped'
    const how = signal === null ? `exited with code ${code ?? 0}` : `was killed by ${signal}`
    return `the ${this.#options.kind} engine ${how}${this.#excerpt()}`
  }

  #excerpt(): string {
    const lines = lastWords(this.#log.lastLines(searchedLines), quotedLines)
    return lines.length === 0
      ? `; its log ${this.#log.path} has no line about it`
      : `; last lines of ${this.#log.path}:\n  ${lines.join('\n  ')}`
  }

  /** What the child started goes with it: they share its process group. */
  #killGroup(): void {
    signalGroup(this.pid, 'SIGKILL')
  }

  /**
   * Starts the program and waits until it says it is ready.
   *
   * @throws FmworkError with the child’s own code, or ENGINE_FAILED; the signal’s reason when it
   *   aborts. Nothing is left running after a throw.
   */
  static async start(
    options: EngineProcessOptions,
    signal: AbortSignal,
  ): Promise<{ process: EngineProcess; ready: ChildReady }> {
    signal.throwIfAborted()
    const log = new EngineLog(options.logFile)
    const child = spawn(process.execPath, [options.program], {
      stdio: ['pipe', 'pipe', log.descriptor],
      env: { ...process.env, ...options.env },
      detached: true,
    })
    if (child.pid === undefined) {
      log.close()
      const cause = await new Promise<Error>((resolve) => child.once('error', resolve))
      throw new FmworkError('ENGINE_FAILED', `cannot start ${options.program}: ${cause.message}`)
    }
    const started = new EngineProcess(child, child.pid, log, options)
    try {
      return { process: started, ready: await started.#ready(signal) }
    } catch (error) {
      await started.kill()
      throw error
    }
  }

  /** Kills the process group at once; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#stopping ??= Promise.resolve()
    this.#killGroup()
    await this.exited
  }

  /** Asks the process to end, then insists. Idempotent; never rejects. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.stdin?.end()
    const cancel = this.#options.clock.after(this.#options.graceSeconds, () => this.#killGroup())
    await this.exited
    cancel()
  }

  #ready(signal: AbortSignal): Promise<ChildReady> {
    const { kind, settings, startSeconds, clock } = this.#options
    return new Promise((resolve, reject) => {
      const failed = (message: string) => reject(new FmworkError('ENGINE_FAILED', message))
      const onAbort = () => reject(signal.reason as Error)
      signal.addEventListener('abort', onAbort, { once: true })
      const cancel = clock.after(startSeconds, () =>
        failed(`the ${kind} engine was not ready after ${startSeconds} s${this.#excerpt()}`),
      )
      const done = () => {
        signal.removeEventListener('abort', onAbort)
        cancel()
      }
      void this.exited.then((reason) => {
        done()
        failed(reason)
      })
      let text = ''
      this.#child.stdout?.setEncoding('utf8')
      this.#child.stdout?.on('data', (chunk: string) => {
        text += chunk
        const end = text.indexOf('\n')
        if (end < 0) return
        const answer = parseChildAnswer(text.slice(0, end))
        done()
        if (answer === undefined) failed(`the ${kind} engine said ${JSON.stringify(text)}`)
        else if (answer.kind === 'failed') reject(new FmworkError(answer.code, answer.message))
        else resolve(answer)
      })
      // A child that dies before it reads: its exit tells the story.
      this.#child.stdin?.on('error', () => undefined)
      this.#child.stdin?.write(`${JSON.stringify(settings)}\n`)
    })
  }
}
