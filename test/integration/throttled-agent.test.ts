import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isSuspectRecord } from '../../coordinator/analysis/report/suspect-trials.js'
import { createDispatcher } from '../../coordinator/dispatch/create-dispatcher.js'
import { openLocalPlanner } from '../../coordinator/plan/local-planner.js'
import { openStore } from '../../coordinator/store/open-store.js'
import { nodeLine } from '../../shared/domain/node-level.js'
import type { ExportPart, TrialRecord } from '../../shared/domain/sweep-desk.js'
import type { SweepStatus } from '../../shared/domain/meta-metrics.js'
import { FakeClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { createRandom } from '../../shared/stats/random.js'
import { agentFacts, FakeAgent, measurementOf } from '../fixtures/fake-agent.js'

const sweepText = `
name: fleet
model: m
engines: [{kind: simulated}]
space:
  batch_size: [1, 2, 4, 8, 16, 32]
  input_tokens: [16, 32, 64, 128]
  output_tokens: [8, 16, 32]
  hardware: cpu
metrics: [itl]
strategy: {kind: sobol, audit_share: 0, anchor_share: 0.3}
goal: {accuracy: 0.999}
budget: {trials: 72}
`
/** Seconds of a trial, the wait for the next one in it. */
const trialSeconds = 600
/** Log levels; the last agent throttles by a tenth from a trial on. */
const levels = [0.03, -0.02, -0.01]
const throttledFrom = 36
const noise = 0.004

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function openFleet(clock: FakeClock) {
  const log = createLog({ name: 'test', level: 'warn', file: join(folder, 'log') })
  const store = openStore(join(folder, 'data'), { clock, log })
  const dispatcher = createDispatcher({
    ...{ clock, log, store, openPlanner: openLocalPlanner },
    ...{ leaseMs: 3_600_000, heartbeatMs: 1000 },
  })
  dispatcher.start()
  return {
    dispatcher,
    async close() {
      await dispatcher.close()
      store.close()
    },
  }
}

it('names the agent that throttles, and the trials that this makes suspect, after a restart too', async () => {
  const clock = new FakeClock()
  let fleet = openFleet(clock)
  const random = createRandom(1)
  const agents = levels.map((_, k) => new FakeAgent(agentFacts(`node-${k}`)))
  for (const agent of agents) await agent.connect(fleet.dispatcher.agentDesk)
  await fleet.dispatcher.sweepDesk.submit(sweepText)
  let trials = 0
  for (let idle = 0; idle < 9;) {
    const k = trials % agents.length
    const done = await (agents[k] as FakeAgent).work(fleet.dispatcher.agentDesk, (order) => {
      const throttled = k === 2 && trials >= throttledFrom ? Math.log(1.1) : 0
      const factor = Math.exp((levels[k] as number) + throttled + noise * random.normal())
      const measurement = { ...measurementOf(order, factor), startedAt: clock.wall() }
      return { kind: 'measured', measurement }
    })
    trials += done
    idle = done === 0 ? idle + 1 : 0
    await clock.advance(trialSeconds / agents.length)
  }
  const { status } = await fleet.dispatcher.sweepDesk.get('fleet')
  expect(status.sweep.state).toBe('COMPLETED')
  expect(status.changes.map(({ agent, suspect }) => ({ agent, suspect }))).toEqual([
    { agent: 'node-2', suspect: 'since' },
  ])
  const [change] = status.changes
  for (const { ratio } of change?.shifts ?? [])
    expect(Math.abs(ratio.value - 1.1)).toBeLessThan(0.02)
  expect(status.nodes.map(({ agent }) => agent)).toEqual(['node-0', 'node-1', 'node-2'])
  status.nodes.forEach(({ ratios }, k) => {
    for (const { ratio } of ratios) {
      expect(Math.abs(Math.log(ratio.value) - (levels[k] as number))).toBeLessThan(0.01)
    }
  })
  expect(nodeLine(status.nodes[0] as SweepStatus['nodes'][number])).toMatch(
    /^agent node-0: \d\.\d % slower \(\d\.\d to \d\.\d\) in itl$/,
  )
  const told = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')
  expect(told.filter((line) => line.includes('a level changed: agent node-2: itl +'))).toHaveLength(
    1,
  )

  const parts: ExportPart[] = []
  const { signal } = new AbortController()
  for await (const part of fleet.dispatcher.sweepDesk.export('fleet', signal)) parts.push(part)
  const records = parts.flatMap((part): TrialRecord[] =>
    part.kind === 'trial' ? [part.trial] : [],
  )
  const suspects = records.filter((record) => isSuspectRecord(record, status.changes))
  expect(suspects.length).toBe(change?.since)
  for (const { agent } of suspects) expect(agent).toBe('node-2')

  await fleet.close()
  fleet = openFleet(clock)
  const again = (await fleet.dispatcher.sweepDesk.get('fleet')).status
  expect(again.changes).toEqual(status.changes)
  expect(again.nodes).toEqual(status.nodes)
  await fleet.close()
})
