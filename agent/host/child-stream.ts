import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Cancel, Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'

/** Seconds before a stream that ended is started again; doubled each time it gives nothing. */
const firstRestartSeconds = 0.5
const longestRestartSeconds = 30
/** Seconds that a child gets to end by itself. */
const endGraceSeconds = 2
/** Lines without meaning that are kept to say why a child ended. */
const keptWords = 5

/** What a line of the child was. `refusal` says that the child does not do what it was asked. */
export type LineMeaning = 'reading' | 'other' | 'garbage' | 'refusal'

export interface ChildProgram {
  readonly command: string
  readonly args: readonly string[]
  /** Besides this process’s own environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Reads the lines of one life of the child. */
  readonly reader: () => (line: string) => LineMeaning
}

export interface ChildStreamOptions {
  readonly clock: Clock
  readonly log: Log
  /** Tried in order: the next one when a child refuses before its first reading. */
  readonly programs: readonly [ChildProgram, ...ChildProgram[]]
  /** Name in the log. */
  readonly name: string
  /** Called when the child ended without one reading, so often; a source may give up on it. */
  readonly onBarren?: (lives: number, words: readonly string[]) => void
}

/** A long-lived child process, read line by line; started again when it ends. */
export class ChildStream {
  readonly #options: ChildStreamOptions
  #child: ChildProcess | undefined
  #program = 0
  #barren = 0
  #restartSeconds = firstRestartSeconds
  #cancelRestart: Cancel = () => undefined
  #state: 'open' | 'closed' = 'open'

  constructor(options: ChildStreamOptions) {
    this.#options = options
    this.#start()
  }

  /** Process id of the child that runs now. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    this.#cancelRestart()
    const child = this.#child
    if (child === undefined) return
    const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
    child.kill('SIGTERM')
    const cancel = this.#options.clock.after(endGraceSeconds, () => child.kill('SIGKILL'))
    await exited
    cancel()
  }

  #start(): void {
    const { clock, log, programs, name, onBarren } = this.#options
    const program = programs[this.#program] ?? programs[0]
    const child = spawn(program.command, [...program.args], {
      // The child sees its parent’s end by the end of its standard input.
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...program.env },
    })
    this.#child = child
    const read = program.reader()
    let told = 0
    let refused = false
    const words: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => {
      switch (read(line)) {
        case 'reading':
          told += 1
          this.#barren = 0
          this.#restartSeconds = firstRestartSeconds
          return
        case 'other':
          return
        case 'refusal':
          refused = true
          break
        case 'garbage':
      }
      if (words.length < keptWords) words.push(line)
    })
    child.stdin.on('error', () => undefined) // It ended; 'close' tells.
    child.stderr.on('data', (bytes: Buffer) => {
      if (words.length < keptWords) words.push(bytes.toString('utf8').trim())
    })
    let ended = false
    const onEnd = (reason: string) => {
      if (ended) return
      ended = true
      this.#child = undefined
      if (this.#state === 'closed') return
      if (refused && told === 0 && this.#program < programs.length - 1) {
        this.#program += 1
        this.#start()
        return
      }
      if (told === 0) onBarren?.(++this.#barren, words)
      if (this.#isClosed()) return
      log.warn({ reason, said: words }, `${name} ended; it is started again`)
      this.#cancelRestart = clock.after(this.#restartSeconds, () => this.#start())
      this.#restartSeconds = Math.min(longestRestartSeconds, this.#restartSeconds * 2)
    }
    child.once('error', (error) => onEnd(error.message))
    child.once('close', (code, signal) => onEnd(`exit code ${code ?? signal ?? 'unknown'}`))
  }

  /** Asked anew: a callback may have closed the stream. */
  #isClosed(): boolean {
    return this.#state === 'closed'
  }
}
