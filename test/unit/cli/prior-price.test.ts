import { describe, expect, it } from 'vitest'
import { onePassDeviceSeconds } from '../../../cli/prior-price.js'
import { spanSpace } from '../../../shared/domain/space.js'
import { parseSweep } from '../../../shared/domain/sweep-file.js'

function onePass(engine: string, batches: string): number | undefined {
  const sweep = parseSweep(`
name: tiny
model: sim
engines: [${engine}]
space: {batch_size: ${batches}, input_tokens: [64], output_tokens: [16]}`)
  return onePassDeviceSeconds(sweep, spanSpace(sweep))
}

describe('the price of a full grid before it runs', () => {
  it('is the sum over its configurations where the engine’s times are known', () => {
    const [one, two, both] = ['[1]', '[2]', '[1, 2]'].map((batches) =>
      onePass('{kind: simulated}', batches),
    )
    expect(one).toBeGreaterThan(0)
    expect(both).toBeCloseTo((one as number) + (two as number), 10)
  })

  it('follows the engine’s own arguments', () => {
    const plain = onePass('{kind: simulated}', '[1]') as number
    const slow = onePass('{kind: simulated, args: {time_scale: 3}}', '[1]')
    expect(slow).toBeCloseTo(3 * plain, 10)
  })

  it('stands on a sample of a large space', () => {
    const all = onePass('{kind: simulated}', '{range: [1, 256]}') as number
    const large = onePass('{kind: simulated}', '{range: [1, 2048]}') as number
    expect(large).toBeGreaterThan(all)
  })

  it.each([
    ['a real engine', 'embedded', 'batch_size: 1', 'static-batch'],
    ['a closed loop', 'simulated', 'concurrency: 1', 'closed-loop'],
  ])('is not known for %s', (_, engine, load, workload) => {
    const sweep = parseSweep(`
name: tiny
model: sim
engines: [{kind: ${engine}}]
space: {${load}, input_tokens: 8, output_tokens: 8}
workload: {kind: ${workload}}`)
    expect(onePassDeviceSeconds(sweep, spanSpace(sweep))).toBeUndefined()
  })

  it('refuses arguments that the engine would refuse', () => {
    expect(() => onePass('{kind: simulated, args: {sped: 2}}', '[1]')).toThrow(
      'arguments of the simulated engine: sped',
    )
  })
})
