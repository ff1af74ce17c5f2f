import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { evaluateCommand } from '../../../../cli/commands/evaluate.js'
import type { EvaluateCommandOptions } from '../../../../cli/commands/evaluate.js'
import { batches, tinyFiles } from '../../coordinator/analysis/evaluate/tiny-grid.js'
import { fakeContext } from '../fake-context.js'

let folder: string
let grid: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-decisions-'))
  grid = join(folder, 'tiny.csv')
  const { csv, json } = tinyFiles([...batches('H100', 0.01), ...batches('A100', 0.02)])
  writeFileSync(grid, csv)
  writeFileSync(join(folder, 'tiny.json'), json)
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const usual: EvaluateCommandOptions = {
  grid: [],
  strategy: ['random'],
  seeds: 1,
  firstSeed: 1,
  agents: 1,
  auditShare: 0.2,
  price: [],
  json: false,
  decision: true,
  probability: 0.95,
  tolerance: 0,
}

async function run(options: Partial<EvaluateCommandOptions>): Promise<string> {
  const { context, written } = fakeContext()
  await evaluateCommand(context, { ...usual, grid: [grid], ...options })
  return written.stdout
}

function casesFile(text: string): string {
  const path = join(folder, 'cases.yaml')
  writeFileSync(path, text)
  return path
}

const rowsOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('fmwork evaluate --decision', () => {
  it('prints who answers as the full grid does, and what that cost', async () => {
    const text = await run({})
    expect(text).toMatch(/^grid +strategy +who +cases +cost +same \(90 %\)/m)
    expect(text).toMatch(/^tiny +random +sweep +\d+ +100\.0 % +\d/m)
    expect(text).toMatch(/^tiny +random +decided +\d+ +\+ \d/m)
    expect(text).toMatch(/^tiny +random +full grid x 1 +\d+ +100\.0 % +100 % \(/m)
    expect(text).toContain('1 of 1 campaigns measured everything without reaching the goal.')
  })

  it('asks the questions of a file, in its order, at its prices or those given', async () => {
    const cases = casesFile(`cases:
  - {slo: ["itl<20ms"], input_tokens: 128, prices: {H100: 9, A100: 1}}
  - {any: true}
`)
    const rows = rowsOf(await run({ cases, json: true, price: ['H100=2', 'A100=1'] }))
    const asked = rows.filter(({ kind }) => kind === 'case')
    expect(asked.map(({ question, prices }) => [question, prices])).toEqual([
      ['128 in, 100 out, itl < 20 ms', 'of the case'],
      ['any lengths, no latency limit', 'given'],
    ])
    expect(rows.at(-1)).toMatchObject({ kind: 'decisions', grid: 'tiny', strategy: 'random' })
  })

  it('numbers its campaigns from the first seed', async () => {
    const cases = casesFile('cases: [{slo: ["itl<20ms"]}]')
    const rows = rowsOf(await run({ cases, json: true, seeds: 2, firstSeed: 7 }))
    expect(rows.filter(({ kind }) => kind === 'case').map(({ seed }) => seed)).toEqual([7, 8])
  })

  it('keeps the table and the rows', async () => {
    const out = join(folder, 'scores')
    await run({ cases: casesFile('cases: [{}]'), out })
    expect(readFileSync(join(out, 'decisions.txt'), 'utf8')).toContain('full grid x 1')
    expect(rowsOf(readFileSync(join(out, 'decisions.jsonl'), 'utf8'))[0]).toHaveProperty('question')
  })

  it.each([
    ['cases: [{slo: ["itl=20ms"]}]', 'cases.0.slo'],
    ['cases: [{slo: ["ttft<20ms"]}]', '--slo'],
    ['cases: [{input_tokens: 99}]', 'cases.0.input_tokens'],
    ['cases: [{limit: 3}]', 'cases.0'],
    ['cases: []', 'cases'],
    ['cases: [', '(file)'],
  ])('refuses %s and names %s', async (text, field) => {
    await expect(run({ cases: casesFile(text) })).rejects.toMatchObject({
      code: 'USAGE',
      problems: expect.arrayContaining([expect.objectContaining({ field })]) as unknown,
    })
  })

  it('refuses prices that leave some hardware without one', async () => {
    await expect(run({ price: ['H100=2'] })).rejects.toMatchObject({ code: 'PRICES_INVALID' })
    const cases = casesFile('cases: [{prices: {H100: 2}}]')
    await expect(run({ cases })).rejects.toMatchObject({
      code: 'PRICES_INVALID',
      problems: [expect.objectContaining({ field: 'cases.0.prices' })],
    })
  })

  it('refuses --share, which says nothing of decisions', async () => {
    await expect(run({ share: [0.1] })).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('refuses a file that cannot be read', async () => {
    await expect(run({ cases: join(folder, 'none.yaml') })).rejects.toMatchObject({ code: 'USAGE' })
  })
})
