import { describe, expect, it } from 'vitest'
import { openLocalPlanner } from '../../../../coordinator/plan/local-planner.js'
import type { AskerFacts, Planner } from '../../../../coordinator/plan/planner.js'
import type { Observation, Suggestion } from '../../../../coordinator/plan/strategy.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'

const sweep = (strategy: string, more = '') =>
  parseSweep(`
name: plan
model: m
engines: [{kind: simulated}, {kind: vllm}]
space: {batch_size: [1, 2, 3, 4, 6, 8], input_tokens: [64, 128, 256], output_tokens: [16, 32], tensor_parallel: [1, 2]}
metrics: [ttft, itl, power]
strategy: ${strategy}
${more}
`)

const agent: AskerFacts = {
  agent: 'a',
  hardware: 'H100',
  deviceCount: 2,
  engines: ['simulated', 'vllm'],
}

async function observe(
  planner: Planner,
  { index, purpose }: Pick<Suggestion, 'index' | 'purpose'>,
  outcome: Observation['outcome'] = 'measured',
): Promise<Observation> {
  const [row] = await planner.surface(index, 1)
  const { load = 0, inputTokens = 0, outputTokens = 0 } = row?.configuration ?? {}
  const values = {
    ttft: { value: 0.01 + 1e-5 * load * inputTokens, relativeSd: 0.005 },
    itl: { value: 0.005 + 1e-4 * load, relativeSd: 0.005 },
  }
  return {
    index,
    outcome,
    values: outcome === 'measured' ? values : {},
    cost: 1 + load * outputTokens * 0.01,
    purpose,
    agent: 'a',
    at: 0,
  }
}

describe('openLocalPlanner', () => {
  it('rejects with the errors of the space and of the strategy', async () => {
    await expect(
      openLocalPlanner(sweep('{kind: custom, points: [{batch_size: 5}]}'), ['H100']),
    ).rejects.toMatchObject({ code: 'SWEEP_INVALID' })
    await expect(openLocalPlanner(sweep('{kind: random}'), [])).rejects.toMatchObject({
      code: 'SPACE_EMPTY',
    })
  })

  it('suggests what the agent can run, and never twice', async () => {
    const planner = await openLocalPlanner(sweep('{kind: sobol}'), ['H100', 'A100'])
    const small = { ...agent, deviceCount: 1, engines: ['vllm'] }
    const first = await planner.ask(small, 20)
    const second = await planner.ask(small, 100)
    const rows = await planner.surface(0, 10_000)
    for (const { index } of [...first, ...second]) {
      const configuration = rows[index]?.configuration
      expect(configuration).toMatchObject({ hardware: 'H100', engine: 'vllm', tensorParallel: 1 })
    }
    const indices = [...first, ...second].map(({ index }) => index)
    expect(new Set(indices).size).toBe(indices.length)
    expect(indices).toHaveLength(36)
    await planner.close()
  })

  it('lets two that ask at once have different configurations', async () => {
    const planner = await openLocalPlanner(sweep('{kind: adaptive}'), ['H100'])
    const [one, other] = await Promise.all([planner.ask(agent, 5), planner.ask(agent, 5)])
    const indices = [...one, ...other].map(({ index }) => index)
    expect(new Set(indices).size).toBe(10)
  })

  it('suggests again what was lost', async () => {
    const planner = await openLocalPlanner(sweep('{kind: full-grid}'), ['H100'])
    expect((await planner.ask(agent, 2)).map(({ index }) => index)).toEqual([0, 1])
    await planner.remove(0)
    expect((await planner.ask(agent, 2)).map(({ index }) => index)).toEqual([0, 2])
  })

  it('ends a full grid when everything is measured or found infeasible', async () => {
    const planner = await openLocalPlanner(sweep('{kind: full-grid}'), ['H100'])
    let status = await planner.status()
    expect(status).toMatchObject({ configurations: 144, measured: 0, infeasible: 0, audits: 0 })
    expect(status.stop).toBeUndefined()
    for (;;) {
      const suggestions = await planner.ask(agent, 8)
      if (suggestions.length === 0) break
      for (const suggestion of suggestions) {
        const outcome = suggestion.index === 143 ? 'infeasible' : 'measured'
        await planner.tell(await observe(planner, suggestion, outcome))
      }
    }
    status = await planner.status()
    expect(status).toMatchObject({ measured: 143, infeasible: 1, remainingDeviceSeconds: 0 })
    expect(status.stop).toEqual({
      goalReached: true,
      reason: 'all 143 configurations that can run are measured',
    })
  })

  it('stops when the audits show the goal, and says what is left until then', async () => {
    const planner = await openLocalPlanner(
      sweep('{kind: adaptive, audit_share: 0.3}', 'goal: {accuracy: 0.9}'),
      ['H100'],
    )
    let remaining: number | undefined
    let trials = 0
    for (; trials < 144; trials += 1) {
      const { stop, remainingDeviceSeconds } = await planner.status()
      if (stop !== undefined) break
      remaining = remainingDeviceSeconds
      const [suggestion] = await planner.ask(agent, 1)
      if (suggestion === undefined) break
      await planner.tell(await observe(planner, suggestion))
    }
    const status = await planner.status()
    expect(status.stop?.goalReached).toBe(true)
    expect(status.audits).toBeGreaterThanOrEqual(8)
    expect(trials).toBeLessThan(100)
    expect(remaining).toBeGreaterThan(0)
    expect(remaining).toBeLessThan(status.fullGridDeviceSeconds.high)
  })

  it('claims nothing, and stops for no goal, without audits', async () => {
    const planner = await openLocalPlanner(
      sweep('{kind: adaptive, audit_share: 0}', 'goal: {accuracy: 0.5}'),
      ['H100'],
    )
    for (let trial = 0; trial < 40; trial += 1) {
      const [suggestion] = await planner.ask(agent, 1)
      if (suggestion === undefined) break
      expect(suggestion.purpose).not.toBe('audit')
      await planner.tell(await observe(planner, suggestion))
    }
    const { accuracy, audits, measured, stop } = await planner.status()
    expect(measured).toBeGreaterThan(20)
    expect(audits).toBe(0)
    expect(stop).toBeUndefined()
    expect(accuracy.some(({ calibrated }) => calibrated)).toBe(false)
  })

  it('never lets the reference teach the surface', async () => {
    const planner = await openLocalPlanner(sweep('{kind: random, audit_share: 0.2}'), ['H100'])
    for (const suggestion of await planner.ask(agent, 12)) {
      await planner.tell(await observe(planner, suggestion))
    }
    const before = [await planner.status(), await planner.surface(0, 144)]
    await planner.tellPending(100, 'verify')
    await planner.tell({
      ...(await observe(planner, { index: 100, purpose: 'verify' })),
      cost: 1e6,
    })
    expect([await planner.status(), await planner.surface(0, 144)]).toEqual(before)
  })

  it('shows the surface row by row, of the metrics that have one', async () => {
    const planner = await openLocalPlanner(sweep('{kind: full-grid}'), ['H100'])
    expect((await planner.surface(142, 10)).map(({ index }) => index)).toEqual([142, 143])
    expect((await planner.surface(0, 1))[0]).toMatchObject({ measured: false, estimates: {} })
    for (const suggestion of await planner.ask(agent, 40)) {
      await planner.tell(await observe(planner, suggestion))
    }
    const [row] = await planner.surface(0, 1)
    expect(row?.measured).toBe(true)
    expect(Object.keys(row?.estimates ?? {}).sort()).toEqual(['itl', 'ttft'])
  })

  it('rejects what it cannot know', async () => {
    const planner = await openLocalPlanner(sweep('{kind: random}'), ['H100'])
    await expect(
      planner.tell({ ...(await observe(planner, { index: 0, purpose: 'explore' })), index: 1e6 }),
    ).rejects.toThrow(RangeError)
  })
})
