import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recommendCommand } from '../../../../cli/commands/recommend.js'
import type { RecommendOptions } from '../../../../cli/commands/recommend.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'
import { sampleExport } from '../../coordinator/analysis/report/sample-export.js'
import { FakeDesk, fakeContext } from '../fake-context.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-recommend-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const usual: RecommendOptions = {
  agents: 0,
  data: 'data',
  http: false,
  coordinator: '127.0.0.1:1',
  json: true,
  slo: [],
  price: [],
  any: false,
  input: 128,
  output: 64,
  spares: 0,
  utilization: 0.8,
  available: [],
  with: [],
  includePredicted: false,
}

/** The sample sweep measured every eleventh of its configurations; most of the others are predicted. */
async function run(options: Partial<RecommendOptions>): Promise<Record<string, unknown>> {
  const desk = new FakeDesk()
  desk.summary = { ...desk.summary, name: 'sample' }
  desk.parts = sampleExport
  const { context, written } = fakeContext(desk)
  await recommendCommand(context, 'sample', { ...usual, ...options })
  return JSON.parse(written.stdout) as Record<string, unknown>
}

interface Told {
  readonly recommended: { readonly measured: boolean; readonly deployment: { load: number } }
  readonly verdict: {
    readonly told: boolean
    readonly standpoint: string
    readonly confirm: { readonly configurations: readonly { load: number }[] } | null
  }
}

describe('fmwork recommend', () => {
  it('writes a sweep that measures what a predicted choice lacks', async () => {
    const next = join(folder, 'more.yaml')
    const { recommended, verdict } = (await run({ next })) as unknown as Told
    expect(recommended.measured).toBe(false)
    expect(verdict.told).toBe(false)
    expect(verdict.confirm?.configurations).toMatchObject([{ load: recommended.deployment.load }])
    const { name, strategy } = parseSweep(readFileSync(next, 'utf8'))
    expect(name).toBe('sample-next')
    expect(strategy).toMatchObject({
      kind: 'custom',
      points: expect.arrayContaining([
        expect.objectContaining({
          batch_size: recommended.deployment.load,
          input_tokens: 128,
          output_tokens: 64,
        }),
      ]) as unknown,
    })
  })

  it('names what lengths and hardware there are where others are asked for', async () => {
    await expect(run({ input: 99 })).rejects.toMatchObject({
      code: 'USAGE',
      problems: [expect.objectContaining({ field: '--input' }), expect.anything()],
    })
    await expect(run({ price: ['H100=2'] })).rejects.toMatchObject({
      code: 'PRICES_INVALID',
      problems: [expect.objectContaining({ expected: 'expected one of cpu' })],
    })
  })
})
