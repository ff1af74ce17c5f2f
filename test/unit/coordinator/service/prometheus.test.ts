import { readFileSync } from 'node:fs'
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
      expect(text).toMatch(new RegExp(`^# TYPE ${family} (?:gauge|counter)$`, 'm'))
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
    expect(Buffer.from(answer.bytes).toString()).toContain('process_cpu_seconds_total')
    expect(answer.type).toMatch(/^text\/plain/)
  })
})

/** What `promtool check metrics` finds fault with, as far as these pages could err. */
function faultsOf(page: string): string[] {
  const kinds = new Map<string, string>()
  for (const [, name = '', kind = ''] of page.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    if (kinds.has(name)) return [`${name} is declared twice`]
    kinds.set(name, kind)
  }
  return [...kinds].flatMap(([name, kind]) => [
    ...(new RegExp(`^# HELP ${name} \\S`, 'm').test(page) ? [] : [`${name} has no help`]),
    ...(/^[a-z][a-z0-9_]*$/.test(name) ? [] : [`${name} is no name`]),
    ...((kind === 'counter') === name.endsWith('_total') ? [] : [`${name} is a ${kind}`]),
    ...(/_(?:ms|milliseconds|minutes|hours|percent|mib|gib|kb|mb)(?:_|$)/.test(name)
      ? [`${name} is in no base unit`]
      : []),
  ])
}

describe('the pages of coordinator and agent', () => {
  const vitals = { connected: true, leases: 0, outboxBatches: 0, quarantined: 0, dropped: 3 }
  const pages = async () => {
    const answer = await prometheusRoute(new Desk()).handle({} as never)
    if (answer.kind !== 'bytes') throw new Error('no page')
    const agent = await openMetricsPage('127.0.0.1:0', () => vitals)
    try {
      const ofAgent = await (await fetch(agent.url)).text()
      return [Buffer.from(answer.bytes).toString(), ofAgent] as const
    } finally {
      await agent.close()
    }
  }

  it('keep Prometheus’ conventions: base units, _total for counters and for nothing else', async () => {
    for (const page of await pages()) expect(faultsOf(page)).toEqual([])
    expect(faultsOf('# TYPE x_total gauge\n')).toEqual([
      'x_total has no help',
      'x_total is a gauge',
    ])
    expect(faultsOf('# HELP lag_ms x\n# TYPE lag_ms gauge\n')).toEqual([
      'lag_ms is in no base unit',
    ])
  })

  it('are documented, every figure of FMwork’s own', async () => {
    const table = readFileSync('docs/OPERATIONS.md', 'utf8')
    const names = (await pages()).flatMap((page) =>
      [...page.matchAll(/^# TYPE (fmwork_\S+) /gm)].map(([, name = '']) => name),
    )
    expect(names.length).toBeGreaterThan(25)
    const missing = names.filter((name) => {
      const [, , last = ''] = /^(fmwork_(?:sweep|agent))(_\w+)$/.exec(name) ?? []
      return !table.includes(`\`${name}\``) && !table.includes(`\`${last}\``)
    })
    expect(missing).toEqual([])
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
      fmwork_agent_dropped_items_total: 0,
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
