import { describe, expect, it } from 'vitest'
import { DecisionStage, mostRepeats } from '../../../../coordinator/plan/decision-stage.js'
import { decisionStop } from '../../../../coordinator/plan/decision-stop.js'
import { isDecided } from '../../../../shared/domain/decided.js'
import { openLocalPlanner } from '../../../../coordinator/plan/local-planner.js'
import type { Asker, Observation, Suggestion } from '../../../../coordinator/plan/strategy.js'
import { logInterval } from '../../../../coordinator/decision/point.js'
import type { DecisionSurface } from '../../../../coordinator/plan/decision-points.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spanSpace } from '../../../../shared/domain/space.js'
import type { Space } from '../../../../shared/domain/space.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'
import { createRandom } from '../../../../shared/stats/random.js'

const sweep = (decision: string, accuracy = 0.9) =>
  parseSweep(`
name: choice
model: m
engines: [{kind: simulated}]
space: {batch_size: [1, 2, 4, 8, 16, 32], input_tokens: [128, 256], output_tokens: 64}
metrics: [itl]
strategy: {kind: adaptive, seed: 3, audit_share: 0.3}
goal: {accuracy: ${accuracy}, decision: ${decision}}
slo: {itl: {p95: 8ms}}
prices: {H100: 2.5, A100: 1.4}
`)

const noise = 0.01
type Truth = (configuration: Configuration) => number
/** The A100 is cheaper up to where its tokens become too slow; the H100 carries 16 within the limit. */
const truthOf: Truth = ({ hardware, load }) =>
  (hardware === 'A100' ? 2.1 : 1) * (0.0032 + 0.0002 * load)
/** Both classes do exactly as much for their price. */
const equalTruth: Truth = ({ hardware, load }) =>
  (hardware === 'A100' ? 2.5 / 1.4 : 1) * 0.0004 * Math.max(8, load)

const everybody: Asker = { agent: 'a', canRun: () => true }

/** Estimates that are right within 10 %, and measurements that average out. */
class HonestSurface implements DecisionSurface {
  readonly #space: Space
  readonly #truth: Truth
  readonly #seen = new Map<number, number[]>()

  constructor(space: Space, truth: Truth) {
    this.#space = space
    this.#truth = truth
  }

  tell({ index, values }: Observation): void {
    this.#seen.set(index, [...(this.#seen.get(index) ?? []), Math.log(values.itl?.value ?? NaN)])
  }

  estimate(_metric: string, index: number) {
    const seen = this.#seen.get(index) ?? []
    if (seen.length === 0) return logInterval(this.#truth(this.#space.at(index)) * 1.03, 0.1)
    const mean = seen.reduce((sum, each) => sum + each, 0) / seen.length
    return logInterval(Math.exp(mean), noise / Math.sqrt(seen.length))
  }

  feasible(): number {
    return 1
  }

  cost(): number {
    return 2
  }
}

function observer(space: Space, truth: Truth) {
  const random = createRandom(7)
  return ({ index, purpose }: Pick<Suggestion, 'index' | 'purpose'>): Observation => {
    const value = truth(space.at(index)) * Math.exp(noise * random.normal())
    return {
      index,
      purpose,
      outcome: 'measured',
      values: { itl: { value, relativeSd: noise } },
      percentiles: { itl: { p50: value, p95: value * 1.05 } },
      cost: 2,
      agent: 'a',
      at: 0,
    }
  }
}

/** A stage that was told every second configuration once. */
function begun(decision: string, truth: Truth) {
  const compiled = sweep(decision)
  const space = spanSpace(compiled, ['H100', 'A100'])
  const surface = new HonestSurface(space, truth)
  const wanted = compiled.goal.decision
  if (wanted === undefined) throw new Error('the sweep has no decision')
  const stage = new DecisionStage(compiled, wanted, space, surface)
  const observe = observer(space, truth)
  const tell = (suggestion: Pick<Suggestion, 'index' | 'purpose'>): void => {
    const observation = observe(suggestion)
    surface.tell(observation)
    stage.tell(observation)
  }
  for (let index = 0; index < space.size; index += 2) tell({ index, purpose: 'explore' })
  return { stage, space, tell }
}

/** Measures what the stage asks for until it is decided or stuck. */
function finish({ stage, tell }: ReturnType<typeof begun>): Suggestion[] {
  const asked: Suggestion[] = []
  for (;;) {
    const status = stage.status(true)
    if (status !== undefined && isDecided(status)) return asked
    const [suggestion] = stage.ask(everybody, 1, new Set())
    if (suggestion === undefined) return asked
    asked.push(suggestion)
    tell(suggestion)
  }
}

describe('DecisionStage', () => {
  it('measures contenders until the right choice is sure', () => {
    const run = begun('{probability: 0.95, tolerance: 0}', truthOf)
    expect(run.stage.status(true)?.probability).toBeLessThan(0.95)
    const asked = finish(run)
    expect(asked.length).toBeGreaterThan(0)
    const status = run.stage.status(true)
    expect(status).toMatchObject({ objective: 'usd', wanted: 0.95, tolerance: 0 })
    expect(status?.probability).toBeGreaterThanOrEqual(0.95)
    // Full knowledge: least price per token among those whose p95 stays below 8 ms.
    const cost = (each: Configuration) =>
      truthOf(each) * 1.05 > 0.008
        ? Infinity
        : ((each.hardware === 'H100' ? 2.5 : 1.4) * truthOf(each)) / each.load
    const all = Array.from({ length: run.space.size }, (_, index) => run.space.at(index))
    const best = all.reduce((a, b) => (cost(b) < cost(a) ? b : a))
    expect(status?.chosen).toContain(`1 x ${best.hardware}, batch ${best.load}`)
    for (const { why } of asked) expect(why).toMatch(/^a decision: .* % sure so far$/)
  })

  it('gives up where two deployments are the same, and says which', () => {
    const run = begun('{probability: 0.99, tolerance: 0, input_tokens: 128}', equalTruth)
    const asked = finish(run)
    expect(run.stage.stuck(new Set([0]))).toBeUndefined()
    expect(run.stage.stuck(new Set())).toMatch(
      /the decision is not shown: .* H?A?100.* cannot be told from it by measuring them again/,
    )
    const times = new Map<number, number>()
    for (const { index, purpose } of asked) {
      const before = (times.get(index) ?? 0) + (index % 2 === 0 ? 1 : 0)
      expect(purpose).toBe(before > 0 ? 'repeat' : 'explore')
      times.set(index, (times.get(index) ?? 0) + 1)
    }
    expect(Math.max(...times.values())).toBeLessThanOrEqual(mostRepeats)
  })

  it('asks for less where those that differ more count as equally good', () => {
    const trials = (tolerance: number) =>
      finish(begun(`{probability: 0.8, tolerance: ${tolerance}, output_tokens: 64}`, equalTruth))
        .length
    expect(trials(0.1)).toBeLessThan(trials(0))
  })

  it('suggests nothing that is pending or that the asker cannot run', () => {
    const { stage, space } = begun('{probability: 0.999, tolerance: 0}', equalTruth)
    const first = stage.ask(everybody, 2, new Set()).map(({ index }) => index)
    expect(new Set(first).size).toBe(2)
    const next = stage.ask(everybody, 2, new Set(first)).map(({ index }) => index)
    expect(next.some((index) => first.includes(index))).toBe(false)
    const only: Asker = { agent: 'b', canRun: ({ hardware }) => hardware === 'A100' }
    for (const { index } of stage.ask(only, 4, new Set())) {
      expect(space.at(index).hardware).toBe('A100')
    }
  })

  it('chooses nothing while no trial told what the limit names', () => {
    const compiled = sweep('{}')
    const space = spanSpace(compiled, ['H100', 'A100'])
    const surface = new HonestSurface(space, truthOf)
    const wanted = compiled.goal.decision
    if (wanted === undefined) throw new Error('the sweep has no decision')
    const stage = new DecisionStage(compiled, wanted, space, surface)
    const observe = observer(space, truthOf)
    for (let index = 0; index < space.size; index += 1) {
      const observation = { ...observe({ index, purpose: 'explore' }), percentiles: {} }
      surface.tell(observation)
      stage.tell(observation)
    }
    expect(stage.status(true)).toBeUndefined()
    expect(stage.ask(everybody, 1, new Set())).toEqual([])
    expect(stage.stuck(new Set())).toContain('no trial told every figure')
  })
})

describe('a planner whose goal names a decision', () => {
  it('goes on from accuracy to the choice, and stops at both', async () => {
    const planner = await openLocalPlanner(sweep('{probability: 0.9, tolerance: 0}', 0.6), [
      'H100',
      'A100',
    ])
    const space = spanSpace(sweep('{}'), ['H100', 'A100'])
    const observe = observer(space, equalTruth)
    const facts = { agent: 'a', deviceCount: 1, engines: ['simulated'] }
    const why: string[] = []
    for (let status = await planner.status(); status.stop === undefined;) {
      for (const hardware of ['H100', 'A100']) {
        for (const suggestion of await planner.ask({ ...facts, hardware }, 1)) {
          why.push(suggestion.why)
          await planner.tell(observe(suggestion))
        }
      }
      status = await planner.status()
    }
    const first = why.findIndex((each) => each.startsWith('a decision:'))
    expect(first).toBeGreaterThan(8)
    expect(why.slice(first).every((each) => each.startsWith('a decision:'))).toBe(true)
    const { stop, decision } = await planner.status()
    expect(stop?.reason).toContain('the decision is')
    expect(stop?.goalReached).toBe((decision?.probability ?? 0) >= 0.9)
  })

  it('refuses lengths that the space does not have', async () => {
    await expect(
      openLocalPlanner(sweep('{input_tokens: 100}'), ['H100', 'A100']),
    ).rejects.toMatchObject({ code: 'SWEEP_INVALID' })
  })
})

describe('decisionStop', () => {
  const accuracy = { goalReached: true, reason: 'accuracy 95.0 %' }
  const status = { objective: 'usd', probability: 0.9, wanted: 0.95, tolerance: 0.01 }

  it('goes on while a measurement may help', () => {
    expect(decisionStop(accuracy, status, undefined)).toBeUndefined()
    expect(decisionStop(accuracy, undefined, undefined)).toBeUndefined()
  })

  it('keeps what accuracy said, and adds the choice', () => {
    expect(
      decisionStop(accuracy, { ...status, chosen: 'A', probability: 0.97 }, undefined),
    ).toEqual({
      goalReached: true,
      reason: 'accuracy 95.0 %; the decision is shown: A, right with 97.0 %',
    })
    expect(decisionStop(accuracy, { ...status, probability: 1 }, undefined)?.reason).toContain(
      'nothing meets the limits',
    )
  })

  it('does not call a goal reached that is not', () => {
    expect(decisionStop(accuracy, status, 'no more can be told')).toEqual({
      goalReached: false,
      reason: 'accuracy 95.0 %; no more can be told',
    })
  })
})
