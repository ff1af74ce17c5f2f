import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../../shared/process/clock.js'

describe('FakeClock', () => {
  it('runs timers in order of time, those set meanwhile too', async () => {
    const clock = new FakeClock()
    const seen: string[] = []
    clock.after(2, () => seen.push(`b@${clock.monotonic()}`))
    clock.after(1, () => {
      seen.push(`a@${clock.monotonic()}`)
      clock.after(0.5, () => seen.push(`c@${clock.monotonic()}`))
    })
    await clock.advance(3)
    expect(seen).toEqual(['a@1', 'c@1.5', 'b@2'])
    expect(clock.monotonic()).toBe(3)
  })

  it('does not run cancelled timers, and rejects aborted sleeps', async () => {
    const clock = new FakeClock()
    clock.after(1, () => expect.unreachable('cancelled'))()
    const controller = new AbortController()
    const asleep = clock.sleep(10, controller.signal)
    controller.abort(new Error('enough'))
    await expect(asleep).rejects.toThrow('enough')
    await clock.advance(20)
  })

  it('moves wall and monotonic time together', async () => {
    const clock = new FakeClock(1000)
    await clock.advance(1.5)
    expect(clock.wall()).toBe(2500)
  })
})
