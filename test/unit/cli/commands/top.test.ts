import { describe, expect, it } from 'vitest'
import { topCommand } from '../../../../cli/commands/top.js'
import type { AgentStatus } from '../../../../shared/domain/meta-metrics.js'
import { FakeDesk, fakeContext } from '../fake-context.js'

const agents: AgentStatus[] = [
  {
    agent: 'gpu2',
    hardware: 'H100',
    deviceCount: 8,
    engines: ['vllm'],
    connected: true,
    activity: 'measuring',
    eventLoopLagMs: 1.25,
    clockOffsetMs: -3,
    trialId: 't7',
    powerWatts: 690,
  },
  {
    agent: 'gpu1',
    hardware: 'H100',
    deviceCount: 8,
    engines: ['vllm'],
    connected: false,
    activity: 'idle',
    eventLoopLagMs: 0,
    clockOffsetMs: 0,
  },
]

class Desk extends FakeDesk {
  looks = 0
  override agents(): Promise<AgentStatus[]> {
    this.looks += 1
    return Promise.resolve([...agents])
  }
}

const options = { data: 'none', coordinator: 'node0:7070', agents: 0, json: false, every: 1 }

describe('fmwork top', () => {
  it('shows who does what, in order of names, and a dash for what is not known', async () => {
    const stage = fakeContext(new Desk())
    expect(await topCommand(stage.context, { ...options, once: true })).toBe(0)
    const [head, , , first, second] = stage.written.stdout.split('\n')
    expect(head).toMatch(/^1 of 2 agents, 1 sweep running: tiny/)
    expect(first?.split(/ {2,}/)).toEqual([
      'gpu1',
      'away',
      '8 x H100',
      ...Array<string>(6).fill('-'),
    ])
    expect(second?.split(/ {2,}/)).toEqual([
      ...['gpu2', 'measuring', '8 x H100', 't7', '-', '-', '690 W', '1.3 ms', '-3.0 ms'],
    ])
  })

  it('looks again until it is interrupted', async () => {
    const desk = new Desk()
    const stage = fakeContext(desk)
    const watching = topCommand(stage.context, { ...options, json: true })
    for (const looks of [1, 2, 3]) {
      await expect.poll(() => desk.looks).toBe(looks)
      await stage.clock.advance(1)
    }
    await expect.poll(() => desk.looks).toBe(4)
    stage.interrupt()
    expect(await watching).toBe(130)
    const lines = stage.written.stdout.trim().split('\n')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      agents: [{ agent: 'gpu1' }, { agent: 'gpu2' }],
    })
  })
})
