import { describe, expect, it } from 'vitest'
import type { DeskSession } from '../../../cli/desk-session.js'
import type { LiveView } from '../../../cli/view/live-view.js'
import { sweepIsOver, watchSweep } from '../../../cli/watch-sweep.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { SweepState } from '../../../shared/domain/trial.js'
import { FakeDesk, fakeContext } from './fake-context.js'
import { statusOf } from './sample-status.js'

const agentStatus = {
  agent: 'a',
  hardware: 'cpu',
  deviceCount: 1,
  engines: ['simulated'],
  connected: true,
  activity: 'idle',
  eventLoopLagMs: 0,
  clockOffsetMs: 0,
} as const

const statusEvent = (state: SweepState) =>
  ({
    kind: 'status',
    status: statusOf({ sweep: { ...statusOf().sweep, state } }),
  }) as const

function stage(remote = false, broken = new Promise<never>(() => undefined)) {
  const desk = new FakeDesk()
  const { context, interrupt } = fakeContext(desk)
  const said: string[] = []
  let kills = 0
  const view: LiveView = {
    show: (event) => void said.push(event.kind),
    note: (text) => void said.push(text),
    close: () => void said.push('closed'),
  }
  const session: DeskSession = {
    desk,
    remote,
    broken,
    close: () => Promise.resolve(),
    kill: () => void (kills += 1),
  }
  const watch = () => watchSweep(context, session, 's1', view, sweepIsOver)
  return { desk, said, interrupt, watch, kills: () => kills }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('watching a sweep', () => {
  it('ends with the first status that is final', async () => {
    const { desk, said, watch } = stage()
    desk.events = [statusEvent('RUNNING'), statusEvent('COMPLETED'), statusEvent('RUNNING')]
    await expect(watch()).resolves.toMatchObject({
      kind: 'ended',
      status: { sweep: { state: 'COMPLETED' } },
    })
    expect(said).toEqual(['status', 'status', 'closed'])
  })

  it('ends in order at a first Ctrl-C and at once at a second', async () => {
    const { said, interrupt, watch, kills } = stage()
    const watching = watch()
    await settled()
    interrupt()
    await expect(watching).resolves.toEqual({ kind: 'interrupted' })
    expect(said[0]).toMatch(/everything measured so far is kept/)
    expect(kills()).toBe(0)
    interrupt()
    expect(kills()).toBe(1)
  })

  it('does not claim to stop a sweep that runs elsewhere', async () => {
    const { said, interrupt, watch } = stage(true)
    const watching = watch()
    await settled()
    interrupt()
    await watching
    expect(said[0]).toBe('Leaving; the sweep goes on without this terminal.')
  })

  it('fails with what broke the run', async () => {
    const broken = Promise.reject(new FmworkError('ENGINE_FAILED', 'it died'))
    broken.catch(() => undefined)
    await expect(stage(false, broken).watch()).rejects.toThrow('it died')
  })

  it.each([
    [false, 'an error where the agents are its own'],
    [true, 'a note, once, where others may come'],
  ])('makes of a sweep that no agent can serve (remote: %s) %s', async (remote) => {
    const { desk, said, watch } = stage(remote)
    const status = statusOf({ agents: [{ ...agentStatus, engines: ['embedded'] }] })
    desk.events = [{ kind: 'status', status }, { kind: 'status', status }, statusEvent('COMPLETED')]
    if (remote) {
      await expect(watch()).resolves.toMatchObject({ kind: 'ended' })
      const notes = said.filter((text) => text.startsWith('waiting: error NO_AGENT'))
      expect(notes).toHaveLength(1)
      expect(notes[0]).toContain('engines is simulated; the agents have embedded')
    } else {
      await expect(watch()).rejects.toMatchObject({ code: 'NO_AGENT' })
    }
  })
})
