import { afterEach, describe, expect, it } from 'vitest'
import type { ExportPart } from '../../../../shared/domain/sweep-desk.js'
import { agentFacts, FakeAgent } from '../../../fixtures/fake-agent.js'
import { dispatchBench, sweepText } from '../../../fixtures/dispatch-bench.js'
import type { DispatchBench } from '../../../fixtures/dispatch-bench.js'

let bench: DispatchBench

afterEach(() => bench.close())

async function workUntilIdle(agent: FakeAgent): Promise<number> {
  const { agentDesk } = bench.dispatcher
  let trials = 0
  for (let idle = 0; idle < 3;) {
    const done = await agent.work(agentDesk)
    trials += done
    idle = done === 0 ? idle + 1 : 0
    await bench.clock.advance(1)
  }
  return trials
}

describe('a sweep from submission to verification', () => {
  it('stops at its goal, keeps the claim, and verifies it', async () => {
    bench = dispatchBench({ goalAfter: 5 })
    const { sweepDesk, agentDesk } = bench.dispatcher
    const agent = new FakeAgent(agentFacts('node-1'))
    await agent.connect(agentDesk)
    const { sweepId, created } = await sweepDesk.submit(sweepText())
    expect(created).toBe(true)

    expect(await workUntilIdle(agent)).toBe(5)
    const { status } = await sweepDesk.get('small')
    expect(status).toMatchObject({
      sweep: { sweepId, state: 'COMPLETED', reason: '5 configurations are known' },
      configurations: 12,
      measured: 5,
      audits: 1,
      pending: 0,
      goalReached: true,
      spent: { deviceSeconds: 10, setUp: 0.5, warmUp: 2, measured: 7, gaps: 0.5 },
      fullGridDeviceSeconds: { value: 24 },
      gain: { value: 2.4 },
    })

    expect(await sweepDesk.verify('small', 4, 7)).toBe(4)
    expect(await workUntilIdle(agent)).toBe(4)
    expect(await sweepDesk.verify('small', 4, 7)).toBe(0)
    expect((await sweepDesk.get('small')).status).toMatchObject({
      measured: 5,
      verifyOrdered: 4,
      verifyMeasured: 4,
      spent: { deviceSeconds: 10 },
    })

    const parts: ExportPart[] = []
    const { signal } = new AbortController()
    for await (const part of sweepDesk.export('small', signal)) parts.push(part)
    expect([...new Set(parts.map(({ kind }) => kind))]).toEqual([
      'text',
      'environment',
      'status',
      'curve',
      'trial',
      'surface',
      'verification',
    ])
    expect(parts.filter(({ kind }) => kind === 'trial')).toHaveLength(9)
    expect(parts.find((part) => part.kind === 'verification')?.verification).toMatchObject({
      sampled: 4,
      of: 12,
      referenceDeviceSeconds: 8,
      sweepDeviceSeconds: 10,
      trueGain: { value: 2.4 },
    })
  })
})
