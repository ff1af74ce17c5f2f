import { describe, expect, it } from 'vitest'
import { openMetricsPage, vitalsText } from '../../../../agent/session/metrics-page.js'
import { prometheusRoute, prometheusText } from '../../../../coordinator/service/prometheus.js'
import type { AgentStatus } from '../../../../shared/domain/meta-metrics.js'
import { FakeDesk } from '../../cli/fake-context.js'

/** Lines that carry a figure, by name with labels. */
function figures(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    }),
  )
}

const agents: AgentStatus[] = [
  {
    agent: 'gpu1',
    hardware: 'H100',
    deviceCount: 8,
    engines: ['vllm'],
    connected: true,
    activity: 'measuring',
    eventLoopLagMs: 5,
    clockOffsetMs: -2,
    utilizationPercent: 50,
    trialId: 't1',
  },
  {
    agent: 'gpu2',
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
  override agents(): Promise<AgentStatus[]> {
    return Promise.resolve(agents)
  }
}

describe('the coordinator’s metrics', () => {
  it('tell every sweep at work and every agent, each with help and type', async () => {
    const desk = new Desk()
    const text = await prometheusText(desk)
    const told = figures(text)
    const { name, state } = desk.summary
    expect(told.get(`fmwork_sweeps{state="${state}"}`)).toBe(1)
    expect(told.has(`fmwork_sweep_measured{sweep="${name}"}`)).toBe(state === 'RUNNING')
    const of = (name: string, agent: string) =>
      told.get(`fmwork_agent_${name}{agent="${agent}",hardware="H100"}`)
    expect([of('connected', 'gpu1'), of('connected', 'gpu2')]).toEqual([1, 0])
    expect(of('utilization_ratio', 'gpu1')).toBe(0.5)
    expect(of('event_loop_lag_seconds', 'gpu1')).toBe(0.005)
    // Away, or not told: no figure at all.
    expect([of('busy', 'gpu2'), of('power_watts', 'gpu1')]).toEqual([undefined, undefined])
    for (const family of new Set([...told.keys()].map((key) => key.split('{', 1)[0] ?? ''))) {
      expect(text).toContain(`# TYPE ${family} gauge`)
      expect(text).toMatch(new RegExp(`^# HELP ${family} \\S+`, 'm'))
    }
    expect([...told.values()].some(Number.isNaN)).toBe(false)
  })

  it('tell nothing of what is not known', async () => {
    const desk = new FakeDesk()
    desk.summary = { ...desk.summary, state: 'COMPLETED' }
    expect(await prometheusText(desk)).not.toMatch(/^fmwork_sweep_measured\{/m)
  })

  it('are a route of the coordinator’s door, with the process beside', async () => {
    const route = prometheusRoute(new FakeDesk())
    expect(route).toMatchObject({ method: 'GET', path: '/metrics' })
    expect(route.open).toBeUndefined()
    const call = {} as Parameters<typeof route.handle>[0]
    const answer = await route.handle(call)
    if (answer.kind !== 'bytes') throw new Error('no page')
    expect(Buffer.from(answer.bytes).toString()).toContain('fmwork_coordinator_process_cpu')
    expect(answer.type).toMatch(/^text\/plain/)
  })
})

describe('an agent’s metrics', () => {
  const vitals = { connected: true, leases: 2, outboxBatches: 7, quarantined: 1, dropped: 0 }

  it('tell what waits on its disk', async () => {
    expect(Object.fromEntries(figures(await vitalsText(vitals)))).toEqual({
      fmwork_agent_session: 1,
      fmwork_agent_leases: 2,
      fmwork_agent_outbox_batches: 7,
      fmwork_agent_quarantined_items: 1,
      fmwork_agent_dropped_items: 0,
    })
  })

  it('are served on loopback and nowhere else', async () => {
    await expect(openMetricsPage('0.0.0.0:0', () => vitals)).rejects.toMatchObject({
      code: 'INSECURE_BIND',
    })
    const page = await openMetricsPage('127.0.0.1:0', () => vitals)
    try {
      const answer = await fetch(page.url)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('fmwork_agent_outbox_batches 7')
      expect((await fetch(page.url.replace('metrics', 'other'))).status).toBe(404)
    } finally {
      await page.close()
    }
  })
})
