import { describe, expect, it } from 'vitest'
import { untilFree } from '../../../../../agent/engine/server/device-memory.js'
import { FakeClock } from '../../../../../shared/process/clock.js'

const gibibyte = 2 ** 30
const before = new Map([
  ['GPU-1', gibibyte],
  ['GPU-2', 0],
])

describe('devices after an engine', () => {
  it('are free once they hold no more than before, give or take a context', async () => {
    const clock = new FakeClock()
    const reads = [60, 30, 1.5].map((gib) => new Map([['GPU-1', gib * gibibyte]]))
    const free = untilFree(before, () => Promise.resolve(reads.shift() ?? before), 30, clock)
    await clock.advance(1)
    expect(await free).toBeUndefined()
    expect(reads).toEqual([])
  })

  it('that are not free in time are named, with what they hold', async () => {
    const clock = new FakeClock()
    const held = new Map([
      ['GPU-1', gibibyte],
      ['GPU-2', 70 * gibibyte],
    ])
    const free = untilFree(before, () => Promise.resolve(held), 30, clock)
    await clock.advance(31)
    expect(await free).toBe('GPU-2 holds 70.0 GiB, 0.0 GiB before the engine')
  })

  it('are taken for free where nobody can tell', async () => {
    const never = () => Promise.resolve(undefined)
    expect(await untilFree(undefined, never, 30, new FakeClock())).toBeUndefined()
    expect(await untilFree(before, never, 30, new FakeClock())).toBeUndefined()
  })
})
