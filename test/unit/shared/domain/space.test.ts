import { describe, expect, it } from 'vitest'
import { spanSpace } from '../../../../shared/domain/space.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'

const sweep = (space: string, engines = '[{kind: embedded}]') =>
  parseSweep(`name: s\nmodel: m\nengines: ${engines}\nspace: ${space}\n`)

describe('spanSpace', () => {
  it('spans ranges, steps, lists, powers of two, arguments and hardware', () => {
    const space = spanSpace(
      sweep(
        '{batch_size: {range: [1, 9], step: 4}, input_tokens: {powers_of_two: [3, 20]}, output_tokens: [8, 8], hardware: [H100, A100]}',
        '[{kind: vllm, args: {max-num-seqs: [128, 256], eager: true}}]',
      ),
    )
    // batch 1, 5, 9; input 4, 8, 16; output 8; 2 classes; 2 argument sets.
    expect(space.size).toBe(3 * 3 * 1 * 2 * 2)
    expect(space.at(0)).toEqual({
      model: 'm',
      engine: 'vllm',
      engineArgs: { 'max-num-seqs': 128, eager: true },
      hardware: 'H100',
      tensorParallel: 1,
      load: 1,
      inputTokens: 4,
      outputTokens: 8,
    })
    expect(() => space.at(space.size)).toThrow(RangeError)
  })

  it('uses the agents’ hardware where the sweep names none', () => {
    const space = spanSpace(sweep('{batch_size: 1, input_tokens: 8, output_tokens: 8}'), [
      'cpu',
      'L4',
    ])
    expect([space.at(0).hardware, space.at(1).hardware]).toEqual(['cpu', 'L4'])
  })

  it('keeps what the constraint allows, with integer arithmetic', () => {
    const space = spanSpace(
      sweep(
        '{batch_size: {range: [1, 10]}, input_tokens: [10, 20], output_tokens: 5, where: "batch_size % 2 == 0 && batch_size * input_tokens <= 80"}',
      ),
    )
    const kept = Array.from({ length: space.size }, (_, index) => space.at(index))
    expect(kept.map(({ load, inputTokens }) => [load, inputTokens])).toEqual([
      [2, 10],
      [2, 20],
      [4, 10],
      [4, 20],
      [6, 10],
      [8, 10],
    ])
  })

  it.each([
    ['SPACE_TOO_LARGE', '{batch_size: {range: [1, 99999999]}, input_tokens: 1, output_tokens: 1}'],
    ['SPACE_EMPTY', '{batch_size: {powers_of_two: [5, 7]}, input_tokens: 1, output_tokens: 1}'],
    ['SPACE_EMPTY', '{batch_size: 1, input_tokens: 1, output_tokens: 1, hardware: []}'],
    [
      'CONSTRAINT_UNSATISFIABLE',
      '{batch_size: 1, input_tokens: 1, output_tokens: 1, where: "batch_size > 1"}',
    ],
    [
      'CONSTRAINT_INVALID',
      '{batch_size: 1, input_tokens: 1, output_tokens: 1, where: "batch > 1"}',
    ],
    [
      'CONSTRAINT_INVALID',
      '{batch_size: 1, input_tokens: 1, output_tokens: 1, where: "batch_size >"}',
    ],
    [
      'CONSTRAINT_INVALID',
      '{batch_size: 1, input_tokens: 1, output_tokens: 1, where: "batch_size + 1"}',
    ],
  ])('answers %s for %s', (code, space) => {
    expect(() => spanSpace(sweep(space))).toThrow(expect.objectContaining({ code }))
  })
})
