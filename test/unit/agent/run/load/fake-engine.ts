import type { RequestShape } from '../../../../../agent/run/load/load-job.js'
import type { PreparedRequest, RequestMaker } from '../../../../../agent/run/load/request-maker.js'
import type { Clock, FakeClock } from '../../../../../shared/process/clock.js'
import type { Sample } from '../../../../../shared/domain/sample.js'
import { sampleOf } from '../sample.js'

/** An engine in fake time: the first token after 0.1 s, then `secondsPerToken` each. */
export class FakeEngine implements RequestMaker {
  inFlight = 0
  mostInFlight = 0
  readonly sentAt: number[] = []
  readonly #clock: Clock
  readonly #secondsPerToken: number
  readonly #failing: boolean
  readonly #shapes: readonly RequestShape[]

  constructor(
    clock: Clock,
    secondsPerToken = 0.1,
    failing = false,
    shapes: readonly RequestShape[] = [],
  ) {
    this.#shapes = shapes
    this.#clock = clock
    this.#secondsPerToken = secondsPerToken
    this.#failing = failing
  }

  shapeOf(request: number): RequestShape {
    const { length } = this.#shapes
    return this.#shapes[request % length] ?? { inputTokens: 4, outputTokens: 10 }
  }

  prepare(request: number, changed: Partial<RequestShape> = {}): PreparedRequest {
    const { inputTokens, outputTokens } = { ...this.shapeOf(request), ...changed }
    return { request, inputTokens, outputTokens, body: Buffer.alloc(0) }
  }

  async send(
    { request, outputTokens }: { request: number; outputTokens: number },
    scheduledAt: number,
    _signal: AbortSignal,
    warmUp = false,
  ): Promise<Sample> {
    const sentAt = this.#clock.monotonic()
    this.sentAt.push(sentAt)
    this.inFlight += 1
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight)
    const gap = this.#secondsPerToken
    await this.#clock.sleep(0.1 + gap * (outputTokens - 1))
    this.inFlight -= 1
    return sampleOf({
      request,
      warmUp,
      scheduledAt,
      sentAt,
      ttft: 0.1,
      gap,
      tokens: outputTokens,
      ...(this.#failing ? { outcome: 'error' as const } : {}),
    })
  }
}

/** Runs a loop while fake time passes. */
export async function inFakeTime<T>(clock: FakeClock, run: Promise<T>): Promise<T> {
  const over = { yes: false }
  void run.finally(() => {
    over.yes = true
  })
  for (let step = 0; step < 4000 && !over.yes; step += 1) await clock.advance(0.05)
  return run
}
