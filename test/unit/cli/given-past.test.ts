import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { givenPast } from '../../../cli/given-past.js'
import { parseSweep } from '../../../shared/domain/sweep-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-past-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function grid(name: string, workload: string, column: string): string {
  const rows = [1, 2, 4, 8].map((batch) => `H100,fp8,2,${batch},128,64,${0.01 * batch},${batch}`)
  const axes = 'hardware,variant,tensor_parallel,batch_size,input_tokens,output_tokens'
  const path = join(folder, `${name}.csv`)
  writeFileSync(path, [`${axes},${column},device_seconds`, ...rows, ''].join('\n'))
  const noise = { [column]: 0.02 }
  const description = { name, workload, metrics: [column], noise_cv: noise }
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(description))
  return path
}

const sweep = parseSweep(`
name: next
model: m
engines: [{kind: simulated}]
space: {batch_size: [1, 2], input_tokens: 16, output_tokens: 8}
metrics: [itl]
`)

describe('a recorded grid that a sweep is given to start from', () => {
  it('is every row of it, with its noise and what it cost', () => {
    const past = givenPast([grid('old', 'static-batch', 'itl_s')], sweep)
    expect(past.map(({ configuration }) => configuration.load).sort()).toEqual([1, 2, 4, 8])
    expect(past[0]).toEqual({
      origin: 'old',
      configuration: {
        ...{ model: 'fp8', engine: 'recorded', engineArgs: {}, hardware: 'H100' },
        ...{ tensorParallel: 2, load: 1, inputTokens: 128, outputTokens: 64 },
      },
      values: { itl: { value: 0.01, relativeSd: 0.02 } },
      cost: 1,
    })
    expect(givenPast([], sweep)).toEqual([])
  })

  it('is refused where it had another workload, or tells of no metric of the sweep', () => {
    expect(() => givenPast([grid('loop', 'closed-loop', 'itl_s')], sweep)).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
    expect(() => givenPast([grid('power', 'static-batch', 'power_w')], sweep)).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })
})
