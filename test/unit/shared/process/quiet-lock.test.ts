import { setMaxListeners } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { QuietLock } from '../../../../shared/process/quiet-lock.js'
import type { QuietLockOptions } from '../../../../shared/process/quiet-lock.js'
import { FakeClock } from '../../../../shared/process/clock.js'

let folder: string
let clock: FakeClock
const { signal } = new AbortController()
setMaxListeners(0, signal)
const nobodyWaits = () => undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-locks-'))
  clock = new FakeClock()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lockOf = (agent: string, options: Partial<QuietLockOptions> = {}) =>
  new QuietLock({ clock, agent, devices: ['cpu'], folder, ...options })

/** Asks for a lock; `held` fills once it is there. */
function ask(lock: QuietLock, waits: string[] = []) {
  const state: { release?: () => void } = {}
  const done = lock
    .acquire(signal, (holder) => waits.push(holder))
    .then((release) => {
      state.release = release
    })
  return { state, done, waits }
}

describe('QuietLock', () => {
  it('is held by one at a time, in the order of asking', async () => {
    const release = await lockOf('a').acquire(signal, nobodyWaits)
    const second = ask(lockOf('b'))
    await clock.advance(0.05)
    const third = ask(lockOf('c'))
    await clock.advance(0.05)
    expect([second.state.release, third.state.release]).toEqual([undefined, undefined])
    expect(second.waits).toEqual(['a'])
    release()
    await clock.advance(0.05)
    expect(second.state.release).toBeDefined()
    expect(third.state.release).toBeUndefined()
    second.state.release?.()
    await clock.advance(0.05)
    expect(third.state.release).toBeDefined()
    third.state.release?.()
    expect(readdirSync(folder)).toEqual([])
  })

  it('does not wait where devices differ, and waits for any that is shared', async () => {
    const first = ask(lockOf('a', { devices: ['GPU-1', 'GPU-2'] }))
    const other = ask(lockOf('b', { devices: ['GPU-3'] }))
    await clock.advance(0.1)
    const shared = ask(lockOf('c', { devices: ['GPU-3', 'GPU-2'] }))
    await clock.advance(0.1)
    expect(first.state.release).toBeDefined()
    expect(other.state.release).toBeDefined()
    expect(shared.state.release).toBeUndefined()
    other.state.release?.()
    first.state.release?.()
    await clock.advance(0.1)
    expect(shared.state.release).toBeDefined()
  })

  it('sees those that hold other devices, and not itself or the dead', async () => {
    const here = lockOf('a', { devices: ['GPU-1'] })
    const release = await here.acquire(signal, nobodyWaits)
    const there = await lockOf('b', { devices: ['GPU-2'] }).acquire(signal, nobodyWaits)
    const dead = { id: 'x', pid: 999_999_999, agent: 'c' }
    writeFileSync(join(folder, 'GPU-3.lock'), JSON.stringify(dead))
    expect(here.neighbours()).toEqual([{ agent: 'b', device: 'GPU-2' }])
    there()
    expect(here.neighbours()).toEqual([])
    release()
  })

  it('takes nobody for a neighbour who only computes, and waits for it all the same', async () => {
    const planner = lockOf('coordinator', { devices: ['cpu'], computes: true })
    const done = await planner.acquire(signal, nobodyWaits)
    expect(lockOf('a', { devices: ['GPU-1'] }).neighbours()).toEqual([])
    const measuring = ask(lockOf('b', { devices: ['cpu'] }))
    await clock.advance(0.1)
    expect(measuring.state.release).toBeUndefined()
    done()
    await clock.advance(0.1)
    expect(measuring.state.release).toBeDefined()
    expect(planner.neighbours()).toEqual([{ agent: 'b', device: 'cpu' }])
    measuring.state.release?.()
  })

  describe('of slices of a board', () => {
    const boardOf = (device: string) => (device.startsWith('MIG-') ? 'GPU-1' : undefined)
    const on = (agent: string, device: string) => lockOf(agent, { devices: [device], boardOf })

    it('lets slices be held beside each other, and excludes the board while one is', async () => {
      const one = await on('a', 'MIG-1').acquire(signal, nobodyWaits)
      const other = await on('b', 'MIG-2').acquire(signal, nobodyWaits)
      const whole = ask(on('c', 'GPU-1'))
      await clock.advance(0.1)
      expect(whole.waits).toEqual(['a'])
      one()
      await clock.advance(0.1)
      expect(whole.state.release).toBeUndefined()
      other()
      await clock.advance(0.1)
      expect(whole.state.release).toBeDefined()
      whole.state.release?.()
      expect(readdirSync(folder)).toEqual([])
    })

    it('excludes a slice while the board is held, and keeps the order of asking', async () => {
      const release = await on('a', 'GPU-1').acquire(signal, nobodyWaits)
      const slice = ask(on('b', 'MIG-1'))
      await clock.advance(0.05)
      const whole = ask(on('c', 'GPU-1'))
      await clock.advance(0.05)
      const later = ask(on('d', 'MIG-2'))
      await clock.advance(0.05)
      release()
      await clock.advance(0.1)
      // One that came after the board’s does not pass it, though it could go beside the first.
      expect([slice, whole, later].map(({ state }) => state.release !== undefined)).toEqual([
        true,
        false,
        false,
      ])
      slice.state.release?.()
      await clock.advance(0.1)
      whole.state.release?.()
      await clock.advance(0.1)
      expect(later.state.release).toBeDefined()
    })

    it('takes over from the dead, and names neighbours by their slice', async () => {
      writeFileSync(
        join(folder, 'GPU-1~MIG-1.lock'),
        JSON.stringify({ id: 'x', pid: 999_999_999, agent: 'dead' }),
      )
      const release = await on('a', 'GPU-1').acquire(signal, nobodyWaits)
      release()
      await on('b', 'MIG-2').acquire(signal, nobodyWaits)
      expect(on('c', 'MIG-3').neighbours()).toEqual([{ agent: 'b', device: 'MIG-2' }])
    })
  })

  it('is held by the process that it was entrusted to, whatever becomes of the first', async () => {
    const living = new Set([process.pid, 4711])
    const alive = (pid: number) => living.has(pid)
    const hold = await lockOf('a', { alive }).hold(signal, nobodyWaits)
    hold.entrust(4711)
    const next = ask(lockOf('b', { alive: (pid) => pid !== process.pid && alive(pid) }))
    await clock.advance(0.1)
    expect(next.state.release).toBeUndefined()
    living.delete(4711)
    await clock.advance(0.1)
    expect(next.state.release).toBeDefined()
    // The first lets go of what is no longer its own: nothing happens.
    hold.release()
    hold.entrust(4711)
    const third = ask(lockOf('c', { alive: () => true }))
    await clock.advance(0.1)
    expect(third.state.release).toBeUndefined()
    next.state.release?.()
    await clock.advance(0.1)
    third.state.release?.()
    expect(readdirSync(folder)).toEqual([])
  })

  it('gives up when told, and leaves nothing behind', async () => {
    const release = await lockOf('a').acquire(signal, nobodyWaits)
    const stop = new AbortController()
    const waiting = lockOf('b').acquire(stop.signal, nobodyWaits)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    release()
    release()
    expect(readdirSync(folder)).toEqual([])
  })

  const crashed = (pid: number, startTicks?: number) =>
    JSON.stringify({ id: 'x', pid, agent: 'crashed', ...(startTicks ? { startTicks } : {}) })

  it('takes over from a process that is gone, in the lock and in the queue', async () => {
    writeFileSync(join(folder, 'cpu.lock'), crashed(77))
    writeFileSync(join(folder, 'cpu.00000000000000000001-x.ticket'), crashed(78))
    const asked = ask(lockOf('a', { alive: (pid) => pid === process.pid }))
    await clock.advance(0.1)
    expect(asked.state.release).toBeDefined()
    expect(readdirSync(folder)).toEqual(['cpu.lock'])
  })

  it('sees that another process has the number of the one that held it', async () => {
    let started = 500
    const alive = () => true
    writeFileSync(join(folder, 'cpu.lock'), crashed(77, 500))
    const asked = ask(lockOf('a', { alive, startOf: () => started }))
    await clock.advance(0.1)
    expect(asked.waits).toEqual(['crashed'])
    expect(asked.state.release).toBeUndefined()
    started = 900
    await clock.advance(0.1)
    expect(asked.state.release).toBeDefined()
  })

  it('takes over a lock that nobody can read', async () => {
    writeFileSync(join(folder, 'cpu.lock'), '{"pid":')
    const asked = ask(lockOf('a'))
    await clock.advance(0.1)
    expect(asked.state.release).toBeDefined()
  })

  it('says so when its folder cannot be made', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(() => lockOf('a', { folder: join(file, 'locks') })).toThrow(/cannot keep locks/)
  })
})
