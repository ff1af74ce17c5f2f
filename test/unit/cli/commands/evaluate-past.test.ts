import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { evaluateCommand } from '../../../../cli/commands/evaluate.js'
import { batches, tinyFiles } from '../../coordinator/analysis/evaluate/tiny-grid.js'
import { fakeContext } from '../fake-context.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-past-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Batches of four prompt lengths on one kind of hardware. */
function gridOf(hardware: string, base: number): string {
  const rows = [128, 256, 512, 1024].flatMap((input) => batches(hardware, base, input))
  const { csv, json } = tinyFiles(rows, 0.003)
  const path = join(folder, `${hardware}.csv`)
  writeFileSync(path, csv)
  writeFileSync(path.replace(/csv$/, 'json'), json)
  return path
}

describe('an evaluation with a grid of the past', () => {
  it('has every strategy once more, nearer from few points where hardware differs in speed alone', async () => {
    const { context, written } = fakeContext()
    await evaluateCommand(context, {
      ...{ grid: [gridOf('H100', 0.01)], past: [gridOf('A100', 0.023)], strategy: [] },
      ...{ share: [0.13], seeds: 3, firstSeed: 1, agents: 1, auditShare: 0.2, price: [] },
      ...{ json: true, decision: false, probability: 0.95, tolerance: 0 },
    })
    const rows = written.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { strategy: string; share?: number; error?: number })
    const errors = new Map(
      rows.flatMap(({ strategy, share, error }) =>
        share === undefined ? [] : [[strategy, error ?? NaN]],
      ),
    )
    expect([...errors.keys()]).toEqual(['adaptive', 'adaptive+past'])
    expect(errors.get('adaptive+past')).toBeLessThan((errors.get('adaptive') ?? NaN) / 2)
  })
})
