import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { knowledgeOfGrid } from '../../../../../coordinator/analysis/cost/knowledge-of-grid.js'
import { casesOf } from '../../../../../coordinator/analysis/evaluate/decision-case.js'
import type { DecisionCase } from '../../../../../coordinator/analysis/evaluate/decision-case.js'
import { summariesOf } from '../../../../../coordinator/analysis/evaluate/decision-summary.js'
import { evaluateDecisions } from '../../../../../coordinator/analysis/evaluate/evaluate-decisions.js'
import type {
  DecisionOptions,
  DecisionRecord,
} from '../../../../../coordinator/analysis/evaluate/evaluate-decisions.js'
import { readGrid } from '../../../../../coordinator/analysis/evaluate/grid.js'
import type { Grid } from '../../../../../coordinator/analysis/evaluate/grid.js'
import { createInterpolation } from '../../../../../coordinator/analysis/evaluate/interpolation-surface.js'
import type { Contestant } from '../../../../../coordinator/analysis/evaluate/replay.js'
import { shapesOf } from '../../../../../coordinator/decision/traffic.js'
import { regretAllowed } from '../../../../../coordinator/decision/verdict.js'
import { createSurface } from '../../../../../coordinator/model/create-surface.js'
import { strategies } from '../../../../../coordinator/plan/strategies.js'
import { batches, tinyGrid } from './tiny-grid.js'

const fixture = (name: string) =>
  readFileSync(new URL(`../../../../fixtures/grids/${name}`, import.meta.url), 'utf8')
const recorded = readGrid(
  fixture('fpm-qwen3-32b-dense-batch.csv'),
  fixture('fpm-qwen3-32b-dense-batch.json'),
)
const adaptive: Contestant = {
  name: 'adaptive',
  strategy: strategies.adaptive,
  surface: createSurface,
}
const everything: Contestant = {
  name: 'random',
  strategy: strategies.random,
  surface: createInterpolation,
}
const usual: DecisionOptions = {
  seeds: [1],
  goal: 0.95,
  tolerance: 0,
  probability: 0.95,
  agents: 1,
  auditShare: 0.2,
  harvest: false,
  fullGrids: [1],
}

async function play(
  grid: Grid,
  cases: readonly DecisionCase[],
  contestant: Contestant,
  options: Partial<DecisionOptions> = {},
): Promise<DecisionRecord[]> {
  const records: DecisionRecord[] = []
  const all = { ...usual, ...options }
  for await (const record of evaluateDecisions(grid, cases, contestant, all)) records.push(record)
  return records
}
const casesIn = (grid: Grid) => casesOf(grid, shapesOf(knowledgeOfGrid(grid)))

describe('decisions of a campaign', () => {
  it('are those of the full grid where everything was measured without noise', async () => {
    const grid = tinyGrid([...batches('H100', 0.01), ...batches('A100', 0.02)])
    const records = await play(grid, casesIn(grid), everything)
    expect(records.length).toBeGreaterThan(3)
    for (const { right, share, reached, stage, sweep, decided } of records) {
      expect(right).toBeDefined()
      expect(share).toBeCloseTo(1, 9)
      expect(reached).toBe(false)
      expect(stage).toEqual({ share: 0, deviceSeconds: 0, trials: 0, told: true })
      for (const answer of [sweep, decided]) {
        expect(answer.chosen).toBe(right)
        expect(answer.judged).toEqual({ same: true, regret: 0, regretByNoise: 0, breaks: false })
      }
    }
  })

  it('stop where the accuracy goal allows, and pay for what the stage measures after it', async () => {
    const cases = casesIn(recorded).filter(({ traffic }) => traffic === 'any')
    const records = await play(recorded, cases, adaptive)
    expect(records).toHaveLength(3)
    const total = recorded.cost.reduce((sum, cost) => sum + cost, 0)
    for (const { share, reached, stage, decided } of records) {
      expect(reached).toBe(true)
      expect(share).toBeGreaterThan(0.05)
      expect(share).toBeLessThan(0.6)
      expect(stage.share).toBeCloseTo(stage.deviceSeconds / total, 9)
      expect(stage.trials > 0).toBe(stage.deviceSeconds > 0)
      expect(stage.told).toBe(decided.lossAtMost <= regretAllowed)
    }
  })
})

const answer = (same: boolean, regret = 0, regretByNoise = 0) => ({
  chosen: 'a',
  probability: 0.9,
  expectedLoss: 0.01,
  lossAtMost: 0.02,
  judged: { same, regret, regretByNoise, breaks: regret === 1 },
  named: same || regret === 1,
})
const record = (question: string, told: boolean, decided = answer(true)): DecisionRecord => ({
  kind: 'case',
  grid: 'g',
  strategy: 'adaptive',
  seed: 1,
  question,
  prices: 'equal',
  right: 'a',
  share: 0.2,
  reached: true,
  stage: { share: told ? 0.01 : 0.05, deviceSeconds: 1, trials: 1, told },
  sweep: answer(false, 0.2, 0.1),
  decided,
  fullGrids: { 1: answer(true) },
})

describe('the summary of decisions', () => {
  const records = [
    record('q1', true),
    record('q2', true),
    record('q3', true, answer(false, 0.004, 0.001)),
    record('q4', false, answer(false, 1, 0)),
  ]
  const of = (who: string) =>
    summariesOf({ grid: 'g', strategy: 'adaptive' }, records).find((each) => each.who === who)

  it('splits what was decided into what is told and what is not', () => {
    expect(of('decided')).toMatchObject({
      cases: 4,
      same: { value: 0.5 },
      near: 0.75,
      breaks: 0.25,
    })
    expect(of('told')).toMatchObject({ cases: 3, regretInRest: 0.004, regretByNoiseInRest: 0.001 })
    expect([of('told')?.named, of('untold')?.named]).toEqual([2 / 3, 1])
    expect(of('untold')).toMatchObject({ cases: 1, regretInRest: 1, regretByNoiseInRest: 0 })
    expect(of('told')?.cost).toBeCloseTo(0.01, 9)
    expect(of('sweep')?.cost).toBeCloseTo(0.2, 9)
    expect(of('full grid x 1')).toMatchObject({ cost: 1, same: { value: 1 }, regretInRest: 0 })
  })

  it('has no row for what never happened', () => {
    const found = summariesOf({ grid: 'g', strategy: 'adaptive' }, [record('q1', true)])
    expect(found.map(({ who }) => who)).toEqual(['sweep', 'decided', 'told', 'full grid x 1'])
  })
})
