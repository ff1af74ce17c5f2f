import { describe, expect, it } from 'vitest'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'
import { compileWeights } from '../../../../shared/domain/weights.js'

const sweepWith = (extra: string) =>
  parseSweep(`
name: weighty
model: m
engines: [{kind: simulated}]
space: {batch_size: [1, 8, 64], input_tokens: 128, output_tokens: [1, 32]}
${extra}`)
const weights =
  "weights: [{where: 'batch_size >= 8', weight: 5}, {where: 'output_tokens == 1', weight: 0.1}]"
const problemsOf = (extra: string): unknown => {
  try {
    sweepWith(extra)
    return undefined
  } catch (error) {
    return error
  }
}

describe('weights of a sweep', () => {
  it('are those of the first condition that holds, and 1 where none does', () => {
    const weigh = compileWeights(sweepWith(weights))
    const at = (load: number, outputTokens: number): Configuration => ({
      ...{ model: 'm', engine: 'simulated', engineArgs: {}, hardware: 'cpu' },
      ...{ tensorParallel: 1, load, inputTokens: 128, outputTokens },
    })
    expect([at(1, 32), at(8, 1), at(64, 32), at(1, 1)].map((each) => weigh?.(each))).toEqual([
      1, 5, 5, 0.1,
    ])
    expect(compileWeights(sweepWith(''))).toBeUndefined()
  })

  it.each([
    ["weights: [{where: 'batchsize > 1', weight: 2}]", 'weights[0].where'],
    ["weights: [{where: 'batch_size', weight: 2}]", 'expected bool'],
    ["weights: [{where: 'batch_size > 1', weight: 0}]", 'expected a number above 0'],
    [`strategy: {harvest: true}\n${weights}`, 'not together with strategy.harvest'],
  ])('refuses %s', (extra, expected) => {
    expect(JSON.stringify(problemsOf(extra))).toContain(expected)
  })
})
