import { describe, expect, it } from 'vitest'
import { Backoff } from '../../../../agent/session/backoff.js'
import { SessionKeeper } from '../../../../agent/session/session.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { createLog } from '../../../../shared/process/log.js'
import type { AgentSession, Introduction } from '../../../../shared/rpc/agent-link.js'
import { createRandom } from '../../../../shared/stats/random.js'

const log = createLog({ name: 'test', level: 'silent' })
const introduction = { agent: 'agent-1', held: [] } as unknown as Introduction

class FakeSession implements AgentSession {
  readonly welcome = { sessionId: 's', leaseMs: 30_000, heartbeatMs: 5000, acknowledgedSequence: 0 }
  readonly clockOffsetMs = 0
  beats = 0
  end: (reason: FmworkError) => void = () => undefined
  readonly over = new Promise<FmworkError>((resolve) => {
    this.end = resolve
  })
  requestWork = () => Promise.resolve({ retryAfterMs: 1, reason: '' })
  renew = () => Promise.resolve([])
  release = () => Promise.resolve()
  heartbeat(): void {
    this.beats += 1
  }
  close(): Promise<void> {
    this.end(new FmworkError('COORDINATOR_UNREACHABLE', 'goodbye'))
    return Promise.resolve()
  }
}

function keeper(answers: (() => Promise<AgentSession>)[]) {
  const clock = new FakeClock()
  let asked = 0
  const stop = new AbortController()
  const made = new SessionKeeper({
    link: {
      openSession: () => {
        const answer = answers[Math.min(asked, answers.length - 1)]
        asked += 1
        return answer === undefined ? Promise.reject(new Error('no answer')) : answer()
      },
    },
    clock,
    backoff: new Backoff(createRandom(1)),
    log,
    introduce: () => introduction,
    line: { revoke: () => undefined, drain: () => undefined, wake: () => undefined },
    pulse: () => ({ activity: 'idle', eventLoopLagMs: 0 }),
    welcomed: () => Promise.resolve(),
  })
  return { clock, stop, made, asked: () => asked, running: made.run(stop.signal) }
}

const away = () => Promise.reject(new FmworkError('COORDINATOR_UNREACHABLE', 'away'))
const refusal = () => Promise.reject(new FmworkError('VERSION_MISMATCH', 'too old'))

describe('a session', () => {
  it('is tried for ever, ever more slowly', async () => {
    const { clock, stop, asked, running } = keeper([away])
    await clock.advance(2)
    const early = asked()
    expect(early).toBeGreaterThanOrEqual(3)
    await clock.advance(3600)
    expect(asked()).toBeGreaterThan(3600 / 15)
    expect(asked()).toBeLessThan(3600 / 7)
    stop.abort(new Error('enough'))
    await running
  })

  it('beats at its interval while it lives, and is replaced when it is over', async () => {
    const first = new FakeSession()
    const second = new FakeSession()
    const { clock, stop, made, running } = keeper([
      () => Promise.resolve(first),
      () => Promise.resolve(second),
    ])
    await clock.advance(12)
    expect(first.beats).toBe(3)
    expect(made.current).toBe(first)
    first.end(new FmworkError('COORDINATOR_UNREACHABLE', 'cut'))
    await clock.advance(0)
    expect(made.current).toBeUndefined()
    const next = made.session(stop.signal)
    await clock.advance(1)
    expect(await next).toBe(second)
    stop.abort(new Error('enough'))
    await running
  })

  it('that is refused at the first hello is given up', async () => {
    const { running } = keeper([refusal])
    await expect(running).rejects.toMatchObject({ code: 'VERSION_MISMATCH' })
  })

  it('that is refused later is tried again: somebody may be changing the coordinator', async () => {
    const first = new FakeSession()
    const { clock, stop, asked, running } = keeper([() => Promise.resolve(first), refusal])
    await clock.advance(1)
    first.end(new FmworkError('COORDINATOR_UNREACHABLE', 'cut'))
    await clock.advance(100)
    expect(asked()).toBeGreaterThan(5)
    stop.abort(new Error('enough'))
    await running
  })
})
