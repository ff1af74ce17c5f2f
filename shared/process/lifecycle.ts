import { asFmworkError, formatError } from '../domain/errors.js'
import type { FmworkError } from '../domain/errors.js'
import type { Clock } from './clock.js'
import type { Log } from './log.js'
import { withoutSecrets } from './secrets.js'

/** What a program does once it is up. */
export interface Running {
  /** Resolves when it has ended in order; rejects when it cannot go on. */
  readonly done: Promise<void>
  /** Ends it in order; what still runs after `graceSeconds` is cut. Never rejects. */
  stop(graceSeconds: number): Promise<void>
}

/** The outside of a process, as far as its life is concerned. */
export interface ProcessPort {
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', heard: () => void): void
  off(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', heard: () => void): void
  /** Ends the process at once. */
  exit(code: number): void
  /** Shows text to a person. */
  tell(text: string): void
}

export const thisProcess: ProcessPort = {
  on: (signal, heard) => void process.on(signal, heard),
  off: (signal, heard) => void process.off(signal, heard),
  exit: (code) => process.exit(code),
  tell: (text) => void process.stderr.write(text),
}

export interface LifecycleOptions {
  readonly log: Log
  readonly clock: Clock
  readonly port?: ProcessPort
  readonly graceSeconds?: number
  /** Calls back when this process should end because its parent is gone. @returns stops watching */
  readonly watchParent?: (onGone: () => void) => () => void
}

/** Seconds beyond the grace after which a stop that hangs is given up. */
const hangSeconds = 20
/** Nobody is waiting any more: less grace than a person gets. */
const orphanGraceSeconds = 1

/**
 * A signal so soon after the first is the same wish: a scheduler signals the shell that started us,
 * which passes it on, and us beside it.
 */
const sameWishSeconds = 1

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs a program to its end: the first signal ends it in order, a later one at once. A failure is one
 * message for people (stack only in the log) and the exit code of its row in the error table.
 *
 * @returns the exit code; 0 after an ordered end.
 */
export async function runProgram(
  start: () => Promise<Running>,
  options: LifecycleOptions,
): Promise<number> {
  const { log, clock, port = thisProcess, graceSeconds = 5 } = options
  let running: Running | undefined
  let stopAsked: number | undefined
  let heardAt = -Infinity
  let cancelHang: () => void = () => undefined
  const stop = (grace: number) => {
    stopAsked = grace
    cancelHang = clock.after(grace + hangSeconds, () => {
      log.error('the ordered end hangs: ending at once')
      port.exit(1)
    })
    void running?.stop(grace)
  }
  const heard = () => {
    if (stopAsked === undefined) {
      log.info('signal: ending in order')
      heardAt = clock.monotonic()
      stop(graceSeconds)
    } else if (clock.monotonic() - heardAt >= sameWishSeconds) {
      log.warn('second signal: ending at once')
      port.exit(1)
    }
  }
  for (const signal of signals) port.on(signal, heard)
  const unwatch = options.watchParent?.(() => {
    log.warn('the parent process is gone')
    if (stopAsked === undefined) stop(orphanGraceSeconds)
  })
  try {
    running = await start()
    // A signal that came while it started.
    if (stopAsked !== undefined) void running.stop(stopAsked)
    await running.done
    return 0
  } catch (thrown) {
    return reportFailure(asFmworkError(thrown), log, port)
  } finally {
    cancelHang()
    unwatch?.()
    for (const signal of signals) port.off(signal, heard)
  }
}

function reportFailure(error: FmworkError, log: Log, port: ProcessPort): number {
  const { code, problems, cause } = error
  // A stack helps only where we are wrong; a person may be reading the log on a terminal.
  if (code === 'INTERNAL') log.fatal({ err: cause ?? error, code }, error.message)
  else log.fatal({ code, problems }, error.message)
  port.tell(`${withoutSecrets(formatError(error))}\n`)
  return error.exitCode
}
