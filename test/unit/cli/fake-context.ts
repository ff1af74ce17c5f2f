import type { CliContext } from '../../../cli/context.js'
import type { Program, ProgramEnd, ProgramOrder } from '../../../cli/processes/program.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { SweepStatus, SweepSummary } from '../../../shared/domain/meta-metrics.js'
import type { ExportPart, SweepDesk, WatchEvent } from '../../../shared/domain/sweep-desk.js'
import { FakeClock } from '../../../shared/process/clock.js'
import { statusOf } from './sample-status.js'

/** A desk with one sweep, whose watch tells `events` and then stays silent until it is left. */
export class FakeDesk implements SweepDesk {
  readonly calls: string[] = []
  summary: SweepSummary = statusOf().sweep
  events: readonly WatchEvent[] = []
  parts: readonly ExportPart[] = []
  toVerify = 0
  reachable = true

  #called<T>(name: string, answer: T): Promise<T> {
    this.calls.push(name)
    return this.reachable
      ? Promise.resolve(answer)
      : Promise.reject(new FmworkError('COORDINATOR_UNREACHABLE', 'nobody answers'))
  }

  submit(text: string): Promise<{ sweepId: string; created: boolean }> {
    const name = /^name: *(\S+)$/m.exec(text)?.[1] ?? ''
    return this.#called(`submit ${name}`, { sweepId: this.summary.sweepId, created: true })
  }
  list(): Promise<SweepSummary[]> {
    return this.#called('list', [this.summary])
  }
  get(sweep: string): Promise<{ text: string; status: SweepStatus }> {
    if (sweep !== this.summary.sweepId && sweep !== this.summary.name) {
      return Promise.reject(new FmworkError('SWEEP_NOT_FOUND', `there is no sweep ${sweep}`))
    }
    return this.#called(`get ${sweep}`, {
      text: sweepText,
      status: statusOf({ sweep: this.summary }),
    })
  }
  pause(sweep: string): Promise<SweepSummary> {
    return this.#called(`pause ${sweep}`, { ...this.summary, state: 'PAUSED' })
  }
  resume(sweep: string): Promise<SweepSummary> {
    return this.#called(`resume ${sweep}`, { ...this.summary, state: 'RUNNING' })
  }
  cancel(sweep: string): Promise<SweepSummary> {
    return this.#called(`cancel ${sweep}`, { ...this.summary, state: 'CANCELLED' })
  }
  verify(sweep: string, sample: number | undefined, seed: number): Promise<number> {
    return this.#called(`verify ${sweep} ${sample ?? 'all'} ${seed}`, this.toVerify)
  }
  async *watch(_: string, __: boolean, signal: AbortSignal): AsyncIterable<WatchEvent> {
    yield* this.events
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve())
    })
  }
  async *export(): AsyncIterable<ExportPart> {
    await Promise.resolve()
    yield* this.parts
  }
  agents(): Promise<SweepStatus['agents'][number][]> {
    return this.#called('agents', [...statusOf().agents])
  }
}

export const sweepText = `name: tiny
model: sim
engines: [{kind: simulated}]
space: {batch_size: [1, 2, 4], input_tokens: [32, 64], output_tokens: 8}
`

export interface FakeContext {
  readonly context: CliContext
  readonly desk: FakeDesk
  readonly clock: FakeClock
  readonly written: { readonly stdout: string; readonly stderr: string }
  readonly orders: readonly ProgramOrder[]
  /** Programs in the order of their end. */
  readonly stopped: readonly string[]
  readonly connected: readonly string[]
  /** Addresses shown in a browser. */
  readonly opened: readonly string[]
  /** Lets no browser open, for this reason. */
  readonly withoutBrowser: (why: string) => void
  /** Lets coordinators die of this instead of becoming ready. */
  readonly refuse: (error: FmworkError) => void
  /** Presses Ctrl-C. */
  readonly interrupt: () => void
}

/** A terminal, a clock, a desk and programs that all do as the test says. */
export function fakeContext(desk: FakeDesk = new FakeDesk()): FakeContext {
  const written = { stdout: '', stderr: '' }
  const sink = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text
    },
  })
  const orders: ProgramOrder[] = []
  const stopped: string[] = []
  const connected: string[] = []
  const opened: string[] = []
  let noBrowser: string | undefined
  const clock = new FakeClock()
  let interrupt: () => void = () => undefined
  /** What a coordinator dies of instead of becoming ready. */
  let refusal: FmworkError | undefined
  const startProgram = (order: ProgramOrder): Program => {
    orders.push(order)
    let end: (end: ProgramEnd) => void = () => undefined
    const ended = new Promise<ProgramEnd>((resolve) => {
      end = resolve
    })
    const ready =
      refusal === undefined
        ? Promise.resolve({ address: '127.0.0.1:4' })
        : Promise.reject<Record<string, unknown>>(refusal)
    ready.catch(() => undefined)
    const stop = (how: string) => {
      stopped.push(`${order.name}${how}`)
      end({ code: 0, signal: null, tail: [] })
      return ended
    }
    return {
      name: order.name,
      pid: 1,
      ready,
      ended,
      stop: () => stop(''),
      kill: () => void stop(' killed'),
    }
  }
  const context: CliContext = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: {},
    workingDirectory: '.',
    clock,
    connect(address) {
      connected.push(address)
      return Promise.resolve({ desk, close: () => Promise.resolve() })
    },
    startProgram,
    openBrowser(url) {
      opened.push(url)
      return Promise.resolve(noBrowser)
    },
    onInterrupt(handler) {
      interrupt = handler
      return () => {
        interrupt = () => undefined
      }
    },
  }
  return {
    context,
    desk,
    clock,
    written,
    orders,
    stopped,
    connected,
    opened,
    withoutBrowser(why) {
      noBrowser = why
    },
    refuse: (error: FmworkError) => {
      refusal = error
    },
    interrupt: () => {
      interrupt()
    },
  }
}
