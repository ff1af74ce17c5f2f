import fc from 'fast-check'
import { expect, it } from 'vitest'
import { spacePlaces } from '../../../../../coordinator/service/http/space-view.js'
import { spanSpace } from '../../../../../shared/domain/space.js'
import { parseSweep } from '../../../../../shared/domain/sweep-file.js'

const never = new AbortController().signal
const spec = (limit: number) =>
  parseSweep(`
name: axes
model: m
engines: [{kind: simulated, args: {a: [1, 2]}}]
space: {batch_size: [4, 1, 2], input_tokens: [16, 32], output_tokens: 8, hardware: [H100, A100], where: "batch_size * input_tokens <= ${limit}"}
`)

it('names every axis with its values in order and its unit', async () => {
  const sweep = spec(1000)
  const { view } = await spacePlaces(spanSpace(sweep), sweep, never)
  expect(view.configurations).toBe(24)
  expect(view.axes.map(({ name, values }) => [name, values])).toEqual([
    ['model', ['m']],
    ['engine', ['simulated, a 1', 'simulated, a 2']],
    ['hardware', ['H100', 'A100']],
    ['tensor_parallel', [1]],
    ['batch_size', [1, 2, 4]],
    ['input_tokens', [16, 32]],
    ['output_tokens', [8]],
  ])
  expect(view.axes.find(({ name }) => name === 'batch_size')?.unit).toBe('sequences')
})

it('gives every configuration a place of its own, from which its axes are read back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 16, max: 128 }), async (limit) => {
      const sweep = spec(limit)
      const space = spanSpace(sweep)
      const { view, places } = await spacePlaces(space, sweep, never)
      expect(new Set(places).size).toBe(space.size)
      places.forEach((place, index) => {
        let rest = place
        const values = [...view.axes].reverse().map(({ values: own }) => {
          const value = own[rest % own.length]
          rest = Math.floor(rest / own.length)
          return value
        })
        const { load, inputTokens, hardware } = space.at(index)
        expect([values[2], values[1], values[4]]).toEqual([load, inputTokens, hardware])
      })
    }),
    { numRuns: 20 },
  )
})
