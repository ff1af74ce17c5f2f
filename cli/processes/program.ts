/** How a child process ended. */
export interface ProgramEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last lines it wrote to standard error. */
  readonly tail: readonly string[]
}

/**
 * A child process that serves until told to stop. Its standard input is a pipe that breaks when we
 * die, whatever kills us: the programs exit at its end.
 */
export interface Program {
  readonly name: string
  readonly pid: number
  /** The fields of its one ready line. Rejects with the program’s own error when it dies first. */
  readonly ready: Promise<Readonly<Record<string, unknown>>>
  /** Resolves at its end; never rejects. */
  readonly ended: Promise<ProgramEnd>
  /** Asks it to stop, and kills it when it has not after `graceSeconds`. Idempotent. */
  stop(graceSeconds: number): Promise<ProgramEnd>
  kill(): void
}

export interface ProgramOrder {
  /** What people call it: `coordinator`, `agent-1`. */
  readonly name: string
  readonly kind: 'coordinator' | 'agent'
  readonly args: readonly string[]
  /** Appended with everything it writes to standard error. */
  readonly logFile?: string
}

export type StartProgram = (order: ProgramOrder) => Program
