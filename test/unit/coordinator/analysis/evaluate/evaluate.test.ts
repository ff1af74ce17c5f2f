import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../../../coordinator/analysis/evaluate/evaluate.js'
import type { EvaluateRow } from '../../../../../coordinator/analysis/evaluate/evaluate.js'
import { readGrid } from '../../../../../coordinator/analysis/evaluate/grid.js'
import { createInterpolation } from '../../../../../coordinator/analysis/evaluate/interpolation-surface.js'
import { measurementOf, replay } from '../../../../../coordinator/analysis/evaluate/replay.js'
import type { Contestant } from '../../../../../coordinator/analysis/evaluate/replay.js'
import { createSurface } from '../../../../../coordinator/model/create-surface.js'
import { createAdaptive } from '../../../../../coordinator/plan/adaptive.js'
import { strategies } from '../../../../../coordinator/plan/strategies.js'

const fixture = (name: string) =>
  readFileSync(new URL(`../../../../fixtures/grids/${name}`, import.meta.url), 'utf8')
const gridOf = (name: string) => readGrid(fixture(`${name}.csv`), fixture(`${name}.json`))
const grid = gridOf('argonne-trtllm-llama3-8b')
const adaptive: Contestant = { name: 'adaptive', strategy: createAdaptive, surface: createSurface }
const straight: Contestant = {
  name: 'random',
  strategy: strategies.random,
  surface: createInterpolation,
}

async function rowsOf(
  options: Partial<Parameters<typeof evaluate>[0]>,
  contestants = [adaptive],
): Promise<EvaluateRow[]> {
  const rows: EvaluateRow[] = []
  const defaults = { grids: [grid], shares: [0.2], seeds: [1], agents: 1, auditShare: 0.2 }
  for await (const row of evaluate({ ...defaults, ...options }, contestants)) rows.push(row)
  return rows
}

describe('a replay', () => {
  it('charges what the grid says and measures nothing twice', () => {
    const seen: number[] = []
    let last = 0
    // Without noise nothing is measured twice.
    const options = { seed: 1, agents: 1, auditShare: 0.2, goal: 0.95 }
    for (const { state, next } of replay({ ...grid, noise: {} }, adaptive, options)) {
      expect(state.spent).toBeCloseTo(last, 6)
      last = state.spent + next
      seen.push(state.measured.size)
      if (seen.length === 40) break
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, k) => k))
  })

  it('gives the same noise to the same row and seed only', () => {
    expect(measurementOf(grid, 3, 0, 1)).toEqual(measurementOf(grid, 3, 0, 1))
    expect(measurementOf(grid, 3, 0, 1)).not.toEqual(measurementOf(grid, 3, 1, 1))
    expect(measurementOf(grid, 3, 0, 1)).not.toEqual(measurementOf(grid, 3, 0, 2))
  })

  it('keeps every agent busy with something of its own', () => {
    let steps = 0
    // Without noise nothing is measured twice.
    for (const { state } of replay({ ...grid, noise: {} }, adaptive, {
      seed: 1,
      agents: 4,
      auditShare: 0.2,
      goal: 0.95,
    })) {
      expect(state.measured.size).toBe(steps)
      steps += 1
      if (steps === 18) break
    }
    expect(steps).toBe(18)
  })
})

describe('an evaluation', () => {
  it('is far better than straight lines between random points, at a fifth of the cost', async () => {
    const scores = (await rowsOf({}, [adaptive, straight])).flatMap((row) =>
      row.kind === 'score' ? [row] : [],
    )
    const [own, lines] = scores
    expect(own?.scores.error?.median).toBeLessThan(0.025)
    expect(own?.scores.within5?.median).toBeGreaterThan(0.85)
    expect(own?.scores.ratio?.median).toBeGreaterThan(0.5)
    expect(own?.scores.ratio?.median).toBeLessThan(2)
    expect(lines?.scores.error?.median).toBeGreaterThan(0.1)
  })

  it('states gains only for accuracies that were reached', async () => {
    const gains = (await rowsOf({ shares: [0.02, 0.2] })).flatMap((row) =>
      row.kind === 'gain' ? [row] : [],
    )
    expect(gains.map(({ accuracy }) => accuracy)).toEqual([0.9, 0.95, 0.966, 0.98])
    expect(gains[1]?.gain).toBe(5)
  })

  it('counts the stops that a goal allows, and which were true', async () => {
    const rows = await rowsOf({ goal: 0.8, shares: [0.3] })
    const stops = rows.find((row) => row.kind === 'stops')
    expect(stops).toMatchObject({ goal: 0.8, stops: 1, stopsTrue: 1 })
  })

  it('gives the same rows for the same seeds', async () => {
    expect(await rowsOf({ shares: [0.05] })).toEqual(await rowsOf({ shares: [0.05] }))
  })
})
