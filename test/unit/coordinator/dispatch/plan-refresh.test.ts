import { describe, expect, it } from 'vitest'
import { PlanRefresh } from '../../../../coordinator/dispatch/plan-refresh.js'
import { FakeClock } from '../../../../shared/process/clock.js'

/** A planner whose status takes so many seconds, and when it was looked at. */
function slowly(seconds: number) {
  const clock = new FakeClock()
  const looks: number[] = []
  const refresh = new PlanRefresh({
    clock,
    look: async () => {
      looks.push(clock.monotonic())
      if (seconds > 0) await clock.sleep(seconds)
    },
    broken: (message) => {
      throw new Error(message)
    },
  })
  return { clock, looks, refresh }
}

describe('PlanRefresh', () => {
  it('looks at once, and once more for all results that came since', async () => {
    const { clock, looks, refresh } = slowly(0)
    refresh.request()
    await clock.advance(0)
    for (let count = 0; count < 5; count += 1) refresh.request()
    await clock.advance(0)
    expect(looks).toEqual([0, 0, 0])
    await refresh.close()
  })

  it('leaves a planner nine tenths of its time for what is asked of it', async () => {
    const { clock, looks, refresh } = slowly(0.05)
    refresh.request()
    await clock.advance(0.01)
    for (let step = 0; step < 200; step += 1) {
      refresh.request()
      await clock.advance(0.01)
    }
    expect(looks).toHaveLength(5)
    const closed = refresh.close()
    await clock.advance(1)
    await closed
  })

  it('pauses for five seconds at most, and ends at once when it is closed', async () => {
    const { clock, looks, refresh } = slowly(3)
    refresh.request()
    await clock.advance(3.5)
    refresh.request()
    await clock.advance(4.4)
    expect(looks).toEqual([0])
    await clock.advance(0.2)
    expect(looks).toEqual([0, 8])
    await clock.advance(3.1)
    refresh.request()
    await refresh.close()
    expect(looks).toEqual([0, 8])
  })

  it('does not pause when somebody waits for what it says', async () => {
    const { clock, looks, refresh } = slowly(3)
    refresh.request()
    await clock.advance(3.5)
    refresh.request(true)
    await clock.advance(2)
    refresh.request(true)
    await clock.advance(1.1)
    expect(looks).toEqual([0, 3.5, 6.5])
    const closed = refresh.close()
    await clock.advance(3)
    await closed
  })

  it('is stale from the result on until the look that has seen it is over', async () => {
    const { clock, refresh } = slowly(3)
    expect(refresh.stale).toBe(false)
    refresh.request()
    expect(refresh.stale).toBe(true)
    await clock.advance(2.9)
    expect(refresh.stale).toBe(true)
    await clock.advance(0.2)
    expect(refresh.stale).toBe(false)
    await refresh.close()
  })
})
