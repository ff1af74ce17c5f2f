import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../../shared/process/clock.js'
import { HostTurns } from '../../../../shared/process/host-turns.js'
import type { HostTurnsOptions } from '../../../../shared/process/host-turns.js'
import { createLog } from '../../../../shared/process/log.js'

const log = createLog({ name: 'test', level: 'silent' })

/** A lock that is granted when the test says so. */
class Lock {
  held = false
  asked = 0
  #grant: (() => void) | undefined

  acquire(signal: AbortSignal): Promise<() => void> {
    this.asked += 1
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
      this.#grant = () => {
        this.held = true
        resolve(() => (this.held = false))
      }
    })
  }

  async grant(): Promise<void> {
    this.#grant?.()
    await settled()
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

function bench(options: Partial<HostTurnsOptions> = {}) {
  const clock = new FakeClock()
  const lock = new Lock()
  const turns = new HostTurns({ clock, log, lock, ...options })
  const started: string[] = []
  /** Work that ends when the test says so. */
  const work = (name: string) => {
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const done = turns.during(async () => {
      started.push(name)
      await ended
      return name
    })
    const finish = async () => {
      end()
      await settled()
    }
    return { done, finish }
  }
  return { clock, lock, turns, started, work }
}

describe('HostTurns', () => {
  it('starts work in its order once the host is quiet, and frees the host after the last', async () => {
    const { clock, lock, started, work } = bench()
    const first = work('first')
    const second = work('second')
    expect(started).toEqual([])
    await lock.grant()
    expect(started).toEqual(['first', 'second'])
    await second.finish()
    await clock.advance(1)
    expect(lock.held).toBe(true)
    await first.finish()
    await clock.advance(0.02)
    expect(lock.held).toBe(false)
    expect(await Promise.all([first.done, second.done])).toEqual(['first', 'second'])
    expect(lock.asked).toBe(1)
  })

  it('goes on in the same turn with work that follows at once', async () => {
    const { clock, lock, started, work } = bench()
    const first = work('first')
    await lock.grant()
    await first.finish()
    await clock.advance(0.005)
    const second = work('second')
    expect(started).toEqual(['first', 'second'])
    await clock.advance(0.02)
    expect(lock.held).toBe(true)
    await second.finish()
    await clock.advance(0.02)
    expect(lock.held).toBe(false)
  })

  it('gives the host up to others when work keeps coming', async () => {
    const { clock, lock, started, work } = bench({ holdSeconds: 2 })
    const long = work('long')
    await lock.grant()
    await clock.advance(2.5)
    work('late')
    expect(started).toEqual(['long'])
    await long.finish()
    expect(lock.held).toBe(false)
    expect(lock.asked).toBe(2)
    expect(started).toEqual(['long'])
    await lock.grant()
    expect(started).toEqual(['long', 'late'])
  })

  it('does not wait for ever', async () => {
    const { clock, started, work } = bench({ patienceSeconds: 15 })
    const late = work('late')
    await clock.advance(14.9)
    await settled()
    expect(started).toEqual([])
    await clock.advance(0.2)
    await settled()
    expect(started).toEqual(['late'])
    await late.finish()
    expect(await late.done).toBe('late')
  })

  it('starts everything at once when it is told to end', async () => {
    const { lock, turns, started, work } = bench()
    work('first')
    work('second')
    turns.flush()
    expect(started).toEqual(['first', 'second'])
    await lock.grant()
    expect(started).toEqual(['first', 'second'])
  })

  it('hands on what the work throws, and is usable after it', async () => {
    const { lock, turns } = bench()
    const failed = expect(turns.during(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await lock.grant()
    await failed
    expect(await turns.during(() => Promise.resolve('yes'))).toBe('yes')
  })

  it('works without a lock that can be taken', async () => {
    const lock = { acquire: () => Promise.reject(new Error('read-only')) }
    const { turns } = bench({ lock })
    expect(await turns.during(() => Promise.resolve('done'))).toBe('done')
  })
})
