import { describe, expect, it } from 'vitest'
import { LocalRun } from '../../../../cli/processes/local-run.js'
import type { Program, ProgramEnd, ProgramOrder } from '../../../../cli/processes/program.js'
import { FakeClock } from '../../../../shared/process/clock.js'

/** Programs that do nothing until the test ends them. */
function stage() {
  const started: { order: ProgramOrder; end: (end: ProgramEnd) => void }[] = []
  const stopped: string[] = []
  const notes: string[] = []
  const clock = new FakeClock()
  const startProgram = (order: ProgramOrder): Program => {
    let end: (end: ProgramEnd) => void = () => undefined
    const ended = new Promise<ProgramEnd>((resolve) => {
      end = resolve
    })
    started.push({ order, end })
    return {
      name: order.name,
      pid: 1,
      ready: Promise.resolve({ address: '127.0.0.1:4' }),
      ended,
      stop() {
        stopped.push(order.name)
        end({ code: 0, signal: null, tail: [] })
        return ended
      },
      kill: () => void stopped.push(`${order.name} killed`),
    }
  }
  const start = () =>
    LocalRun.start({
      dataFolder: 'data',
      agents: 2,
      engines: ['simulated'],
      startProgram,
      clock,
      note: (text) => void notes.push(text),
    })
  return { started, stopped, notes, clock, start }
}

const crash = { code: 70, signal: null, tail: ['error INTERNAL: broken', 'hint: report it'] }
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a run on this host', () => {
  it('starts the coordinator, then agents that know its address', async () => {
    const { started, start } = stage()
    const run = await start()
    expect(run.address).toBe('127.0.0.1:4')
    expect(started.map(({ order }) => order.name)).toEqual(['coordinator', 'agent-1', 'agent-2'])
    expect(started[1]?.order.args).toEqual(expect.arrayContaining(['--coordinator', '127.0.0.1:4']))
    await run.stop()
  })

  it('stops agents before the coordinator, and starts none again', async () => {
    const { started, stopped, notes, clock, start } = stage()
    const run = await start()
    await run.stop()
    await run.stop()
    await clock.advance(60)
    expect(stopped).toEqual(['agent-1', 'agent-2', 'coordinator'])
    expect(started).toHaveLength(3)
    expect(notes).toEqual([])
  })

  it('starts an agent again, later each time, until it has ended four times', async () => {
    const { started, notes, clock, start } = stage()
    const run = await start()
    for (const wait of [1, 2, 4]) {
      started.findLast(({ order }) => order.name === 'agent-1')?.end(crash)
      await settled()
      const before = started.length
      await clock.advance(wait - 0.1)
      expect(started).toHaveLength(before)
      await clock.advance(0.2)
      expect(started).toHaveLength(before + 1)
    }
    expect(notes).toEqual(new Array(3).fill('agent-1 ended (broken); starting it again'))
    started.at(-1)?.end(crash)
    await expect(run.broken).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'agent-1 ended 4 times: broken',
      hint: 'report it',
    })
    await run.stop()
  })

  it('is broken when its coordinator ends', async () => {
    const { started, start } = stage()
    const run = await start()
    started[0]?.end({ code: null, signal: 'SIGKILL', tail: [] })
    await expect(run.broken).rejects.toThrow('the coordinator process ended by signal SIGKILL')
  })

  it('ends everything at once when told to', async () => {
    const { stopped, start } = stage()
    const run = await start()
    run.kill()
    expect(stopped).toEqual(['agent-1 killed', 'agent-2 killed', 'coordinator killed'])
  })
})
