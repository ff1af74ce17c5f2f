import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configurationKey } from '../../shared/domain/configuration.js'
import { spanSpace } from '../../shared/domain/space.js'
import type { Space } from '../../shared/domain/space.js'
import { parseSweep } from '../../shared/domain/sweep-file.js'

const values = fc.uniqueArray(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 6 })

const spaces = fc
  .record({
    batch_size: values,
    input_tokens: values,
    output_tokens: values,
    tensor_parallel: fc.subarray([1, 2, 4, 8], { minLength: 1 }),
    hardware: fc.subarray(['H100', 'A100', 'cpu'], { minLength: 1 }),
    limit: fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: undefined }),
  })
  .map(({ limit, ...space }): Space => {
    const where =
      limit === undefined
        ? {}
        : {
            where: `batch_size + input_tokens <= ${limit} || batch_size == ${space.batch_size[0] ?? 1}`,
          }
    return spanSpace(
      parseSweep(
        JSON.stringify({
          name: 's',
          model: ['m', 'n'],
          engines: [{ kind: 'vllm', args: { x: [1, 2] } }, { kind: 'sglang' }],
          space: { ...space, ...where },
        }),
      ),
    )
  })

describe('a space', () => {
  it('numbers its configurations one to one', () => {
    fc.assert(
      fc.property(spaces, (space) => {
        const keys = new Set<string>()
        for (let index = 0; index < space.size; index += 1) {
          const configuration = space.at(index)
          keys.add(configurationKey(configuration))
          if (index % 7 === 0) expect(space.indexOf({ ...configuration })).toBe(index)
        }
        expect(keys.size).toBe(space.size)
      }),
      { numRuns: 30 },
    )
  })

  it('does not know configurations that are not in it', () => {
    fc.assert(
      fc.property(spaces, (space) => {
        const inside = space.at(0)
        expect(space.indexOf({ ...inside, load: 5000 })).toBeUndefined()
        expect(space.indexOf({ ...inside, engineArgs: { y: 3 } })).toBeUndefined()
      }),
      { numRuns: 30 },
    )
  })
})
