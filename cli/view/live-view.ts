import type { SweepStatus } from '../../shared/domain/meta-metrics.js'
import type { TrialRecord, WatchEvent } from '../../shared/domain/sweep-desk.js'
import type { Clock } from '../../shared/process/clock.js'
import type { CliContext, TextSink } from '../context.js'
import type { Output } from '../output.js'
import { choosePaint, noPaint } from './colour.js'
import { renderStatus, statusLine } from './render-status.js'
import { trialLine } from './trial-line.js'

/** Shows a sweep while it runs. */
export interface LiveView {
  show(event: WatchEvent): void
  /** A line that must not be lost among redraws. */
  note(text: string): void
  /** Shows the last state and leaves the cursor on a line of its own. Idempotent. */
  close(): void
}

const escape = String.fromCharCode(27)
const minimumSecondsBetweenFrames = 0.25
const shownTrials = 4

/** Redraws in place: one write per frame, at most four a second, and never taller than the screen. */
export class TerminalView implements LiveView {
  readonly #sink: TextSink
  readonly #clock: Clock
  readonly #context: Pick<CliContext, 'stdout' | 'env'>
  readonly #trials: TrialRecord[] = []
  #status: SweepStatus | undefined
  #drawnLines = 0
  #drawnAt = -Infinity
  #scheduled: (() => void) | undefined
  #closed = false

  constructor(context: Pick<CliContext, 'stdout' | 'env' | 'clock'>) {
    this.#context = context
    this.#sink = context.stdout
    this.#clock = context.clock
  }

  show(event: WatchEvent): void {
    if (event.kind === 'status') this.#status = event.status
    else {
      this.#trials.push(event.trial)
      if (this.#trials.length > shownTrials) this.#trials.shift()
    }
    this.#requestFrame()
  }

  note(text: string): void {
    this.#sink.write(`${this.#erase()}${text}\n`)
    this.#drawnLines = 0
    this.#draw()
  }

  close(): void {
    if (this.#closed) return
    this.#scheduled?.()
    this.#draw()
    this.#closed = true
  }

  #requestFrame(): void {
    if (this.#closed || this.#scheduled !== undefined) return
    const wait = this.#drawnAt + minimumSecondsBetweenFrames - this.#clock.monotonic()
    if (wait <= 0) {
      this.#draw()
      return
    }
    this.#scheduled = this.#clock.after(wait, () => {
      this.#scheduled = undefined
      this.#draw()
    })
  }

  /** Back to the first line of the last frame, clearing to the end of the screen. */
  #erase(): string {
    return this.#drawnLines === 0 ? '' : `\r${escape}[${this.#drawnLines}A${escape}[J`
  }

  #draw(): void {
    if (this.#status === undefined || this.#closed) return
    const width = Math.max(20, (this.#sink.columns ?? 80) - 1)
    const paint = choosePaint(this.#context)
    const whole = renderStatus(this.#status, { width, paint, trials: this.#trials })
    // A frame taller than the screen could not be drawn over: its first lines say the most.
    const lines = whole.slice(0, Math.max(1, (this.#sink.rows ?? Infinity) - 1))
    // Each line clears its own rest, so that the whole is never blank between two frames.
    // The terminal’s own echo (^C) may have moved the cursor along the line.
    const up = this.#drawnLines === 0 ? '' : `\r${escape}[${this.#drawnLines}A`
    const body = lines.map((line) => `${line}${escape}[K\n`).join('')
    this.#sink.write(`${up}${body}${escape}[J`)
    this.#drawnLines = lines.length
    this.#drawnAt = this.#clock.monotonic()
  }
}

/** For pipes and logs: a line per trial, and how the sweep stands when that has changed. */
export class PlainView implements LiveView {
  readonly #sink: TextSink
  readonly #clock: Clock
  #lastLine = ''
  #saidAt = -Infinity
  #pending: SweepStatus | undefined

  constructor(context: Pick<CliContext, 'stdout' | 'clock'>) {
    this.#sink = context.stdout
    this.#clock = context.clock
  }

  show(event: WatchEvent): void {
    if (event.kind === 'trial-ended') {
      this.#sink.write(`trial   ${trialLine(event.trial, noPaint)}\n`)
      return
    }
    this.#pending = event.status
    if (event.status.sweep.state === 'RUNNING' && this.#clock.monotonic() - this.#saidAt < 5) return
    this.#say()
  }

  note(text: string): void {
    this.#sink.write(`${text}\n`)
  }

  close(): void {
    this.#say()
  }

  #say(): void {
    if (this.#pending === undefined) return
    const line = `sweep   ${this.#pending.sweep.state} ${statusLine(this.#pending)}`
    this.#pending = undefined
    if (line === this.#lastLine) return
    this.#lastLine = line
    this.#saidAt = this.#clock.monotonic()
    this.#sink.write(`${line}\n`)
  }
}

/** An object per event; notes go to standard error. */
export class JsonView implements LiveView {
  readonly #output: Output

  constructor(output: Output) {
    this.#output = output
  }

  show(event: WatchEvent): void {
    const { kind, ...rest } = event
    this.#output.result({ event: kind, ...rest }, '')
  }

  note(text: string): void {
    this.#output.note(text)
  }

  close(): void {
    // Every event was written when it came.
  }
}

export function chooseView(context: CliContext, output: Output): LiveView {
  if (output.json) return new JsonView(output)
  const dumb = context.env.TERM === 'dumb' || (context.env.CI ?? '') !== ''
  return context.stdout.isTTY === true && !dumb ? new TerminalView(context) : new PlainView(context)
}
