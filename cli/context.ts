import type { SweepDesk } from '../shared/domain/sweep-desk.js'
import type { Clock } from '../shared/process/clock.js'
import type { OpenBrowser } from './processes/open-browser.js'
import type { StartProgram } from './processes/program.js'

/** Where a command writes. A terminal says so and tells its width. */
export interface TextSink {
  write(text: string): void
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** A desk that can be hung up. */
export interface DeskConnection {
  readonly desk: SweepDesk
  close(): Promise<void>
}

export interface DeskAccess {
  readonly token?: string
  /** PEM texts; an empty object asks for TLS with the system’s authorities. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

/** Everything a command touches outside itself: tests give their own. */
export interface CliContext {
  readonly stdout: TextSink
  readonly stderr: TextSink
  readonly env: Readonly<Record<string, string | undefined>>
  /** What relative paths of options are resolved against. */
  readonly workingDirectory: string
  readonly clock: Clock
  readonly connect: (address: string, access: DeskAccess) => Promise<DeskConnection>
  readonly startProgram: StartProgram
  readonly openBrowser: OpenBrowser
  /** Calls `handler` at every Ctrl-C or termination signal, until the returned function is called. */
  readonly onInterrupt: (handler: () => void) => () => void
}
