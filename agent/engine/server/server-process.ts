import { FmworkError } from '../../../shared/domain/errors.js'
import type { ErrorCode } from '../../../shared/domain/error-table.js'
import { KeptProcess } from '../keeper/kept-process.js'
import type { KeptProcessOptions } from '../keeper/kept-process.js'
import { lastWords } from '../process/last-words.js'
import type { EngineLog } from '../process/log-tail.js'
import { endWords, faultIn } from './diagnosis.js'
import type { Fault } from './diagnosis.js'

/** Lines of the end of a log that a cause is looked for in, and that a message quotes. */
const searchedLines = 400
const quotedLines = 5

/** A server’s process and its log: what runs, and why it no longer does. */
export class ServerProcess {
  readonly pid: number
  /** Resolves with the reason once nothing of it runs any more; never rejects. */
  readonly exited: Promise<string>
  readonly #kind: string
  readonly #kept: KeptProcess
  readonly #log: EngineLog
  #failure: FmworkError | undefined
  #condemned: string | undefined
  /** What its log gave away by its end, when the log was closed. */
  #lastFault: { readonly fault: Fault | undefined } | undefined

  private constructor(kind: string, kept: KeptProcess, log: EngineLog) {
    this.#kind = kind
    this.#kept = kept
    this.#log = log
    this.pid = kept.pid
    this.exited = kept.ended.then((end) => {
      if (!end.asked) this.#failure = this.failure(this.#condemned ?? endWords(end))
      this.#lastFault = { fault: this.fault() }
      log.close()
      return this.#failure?.message ?? 'it was stopped'
    })
  }

  /** @throws FmworkError ENGINE_FAILED when the program cannot be started. */
  static async start(kind: string, options: KeptProcessOptions): Promise<ServerProcess> {
    try {
      return new ServerProcess(kind, await KeptProcess.start(options), options.log)
    } catch (error) {
      options.log.close()
      throw error
    }
  }

  /** Why it ended by itself; undefined while it runs, and when it was stopped. */
  get diagnosis(): FmworkError | undefined {
    return this.#failure
  }

  /** The cause that its log gives away so far. */
  fault(): Fault | undefined {
    return this.#lastFault === undefined
      ? faultIn(this.#log.lastLines(searchedLines))
      : this.#lastFault.fault
  }

  /** How much it has logged. */
  logBytes(): number {
    return this.#log.bytes()
  }

  firstLines(): readonly string[] {
    return this.#log.firstLines()
  }

  /** A failure in words, with the cause its log gives away. */
  failure(what: string, otherwise: ErrorCode = 'ENGINE_FAILED'): FmworkError {
    const fault = this.fault()
    const quoted = lastWords(this.#log.lastLines(searchedLines), quotedLines)
    const because = fault === undefined ? '' : `: ${fault.fault}: ${fault.line}`
    const excerpt =
      quoted.length === 0
        ? `; its log ${this.#log.path} has no line about it`
        : `; last lines of ${this.#log.path}:\n  ${quoted.join('\n  ')}`
    return new FmworkError(
      fault?.code ?? otherwise,
      `the ${this.#kind} engine ${what}${because}${excerpt}`,
    )
  }

  /** Idempotent; never rejects. */
  stop(): Promise<void> {
    return this.#kept.stop()
  }

  /** Ends it at once; `why` is what its end then says. */
  async condemn(why: string): Promise<void> {
    this.#condemned ??= why
    await this.#kept.kill()
  }
}
