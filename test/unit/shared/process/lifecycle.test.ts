import { PassThrough } from 'node:stream'
import { beforeEach, describe, expect, it } from 'vitest'
import { FmworkError } from '../../../../shared/domain/errors.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { watchParent } from '../../../../shared/process/exit-with-parent.js'
import { runProgram } from '../../../../shared/process/lifecycle.js'
import type { ProcessPort, Running } from '../../../../shared/process/lifecycle.js'
import { createLog } from '../../../../shared/process/log.js'

const log = createLog({ name: 'test', level: 'silent' })

class FakeProcess implements ProcessPort {
  readonly exits: number[] = []
  told = ''
  readonly #heard = new Map<string, () => void>()
  on(signal: string, heard: () => void): void {
    this.#heard.set(signal, heard)
  }
  off(signal: string): void {
    this.#heard.delete(signal)
  }
  exit(code: number): void {
    this.exits.push(code)
  }
  tell(text: string): void {
    this.told += text
  }
  send(signal: string): void {
    this.#heard.get(signal)?.()
  }
  get listening(): number {
    return this.#heard.size
  }
}

class FakeProgram implements Running {
  readonly graces: number[] = []
  end: () => void = () => undefined
  fail: (error: Error) => void = () => undefined
  readonly done = new Promise<void>((resolve, reject) => {
    this.end = resolve
    this.fail = reject
  })
  stop(graceSeconds: number): Promise<void> {
    this.graces.push(graceSeconds)
    return Promise.resolve()
  }
}

let port: FakeProcess
let clock: FakeClock
let program: FakeProgram
beforeEach(() => {
  port = new FakeProcess()
  clock = new FakeClock()
  program = new FakeProgram()
})
const run = (start = () => Promise.resolve<Running>(program)) =>
  runProgram(start, { log, clock, port, graceSeconds: 5 })

describe('a program', () => {
  it('ends in order at the first signal', async () => {
    const code = run()
    await clock.advance(0)
    port.send('SIGTERM')
    expect(program.graces).toEqual([5])
    program.end()
    expect(await code).toBe(0)
    expect(port.exits).toEqual([])
    expect(port.listening).toBe(0)
    await clock.advance(100)
    expect(port.exits).toEqual([])
  })

  it('ends at once at the second', async () => {
    const code = run()
    await clock.advance(0)
    port.send('SIGINT')
    await clock.advance(1)
    port.send('SIGINT')
    expect(port.exits).toEqual([1])
    program.end()
    await code
  })

  it('takes a signal that comes twice, as schedulers send it, for one', async () => {
    const code = run()
    await clock.advance(0)
    port.send('SIGTERM')
    await clock.advance(0.2)
    port.send('SIGTERM')
    expect(port.exits).toEqual([])
    expect(program.graces).toEqual([5])
    program.end()
    expect(await code).toBe(0)
  })

  it('does not hang for ever while it ends', async () => {
    const code = run()
    await clock.advance(0)
    port.send('SIGINT')
    await clock.advance(26)
    expect(port.exits).toEqual([1])
    program.end()
    await code
  })

  it('ends when the signal came before it was up', async () => {
    let up: (running: Running) => void = () => undefined
    const code = run(
      () =>
        new Promise((resolve) => {
          up = resolve
        }),
    )
    port.send('SIGTERM')
    up(program)
    await clock.advance(0)
    expect(program.graces).toEqual([5])
    program.end()
    expect(await code).toBe(0)
  })

  it('that cannot start says why, without a stack, with its own exit code', async () => {
    const code = await run(() =>
      Promise.reject(new FmworkError('PORT_IN_USE', '127.0.0.1:80 is in use')),
    )
    expect(code).toBe(30)
    expect(port.told).toMatch(/^error PORT_IN_USE: 127\.0\.0\.1:80 is in use\nhint: .*\n$/)
    expect(port.listening).toBe(0)
  })

  it('that breaks later does too', async () => {
    const code = run()
    await clock.advance(0)
    program.fail(new TypeError('x is not a function'))
    expect(await code).toBe(70)
    expect(port.told).toMatch(/^error INTERNAL: x is not a function\n/)
    expect(port.told).not.toMatch(/at /)
  })

  it('ends soon when its parent is gone', async () => {
    let gone: () => void = () => undefined
    let watched = true
    const code = runProgram(() => Promise.resolve(program), {
      log,
      clock,
      port,
      watchParent: (onGone) => {
        gone = onGone
        return () => {
          watched = false
        }
      },
    })
    await clock.advance(0)
    gone()
    expect(program.graces).toEqual([1])
    program.end()
    expect(await code).toBe(0)
    expect(watched).toBe(false)
  })
})

describe('watching the parent', () => {
  const events = (act: (input: PassThrough) => void) =>
    new Promise<void>((resolve) => {
      const input = new PassThrough()
      watchParent(resolve, input)
      act(input)
    })

  it('hears the end of the pipe', async () => {
    await events((input) => {
      input.write('whatever')
      input.end()
    })
  })

  it('hears a pipe that breaks', async () => {
    await events((input) => {
      input.destroy(new Error('EPIPE'))
    })
  })

  it('hears once, and nothing after it stopped', async () => {
    const input = new PassThrough()
    let heard = 0
    const stop = watchParent(() => {
      heard += 1
    }, input)
    stop()
    input.end()
    input.destroy()
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard).toBe(0)
  })
})
