import { describe, expect, it } from 'vitest'
import { createSurface } from '../../../../coordinator/model/create-surface.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../shared/domain/space.js'

const configurations = Array.from({ length: 40 }, (_, i): Configuration => ({
  model: 'm',
  engine: 'recorded',
  engineArgs: {},
  hardware: 'H100',
  tensorParallel: 1,
  load: i + 1,
  inputTokens: 128,
  outputTokens: 32,
}))
const truth = (load: number) => 0.005 + 2e-4 * load

/** The estimate at load 22, between measurements of every second load, of which 21 is off by a factor. */
function estimateBeside(factor: number): number {
  const surface = createSurface({
    space: spaceOf(configurations),
    workload: { kind: 'static-batch' },
    metrics: ['itl'],
    seed: 1,
    tolerance: 0.05,
    confidence: 0.9,
    repetitions: 1,
    warmups: 0,
  })
  configurations.forEach(({ load }, index) => {
    if (load % 2 === 0) return
    const value = truth(load) * (load === 21 ? factor : 1)
    surface.tell({
      index,
      outcome: 'measured',
      values: { itl: { value, relativeSd: 0.002 } },
      cost: 1,
      purpose: 'explore',
      agent: 'a',
      at: 0,
    })
  })
  return surface.estimate('itl', 21)?.value ?? NaN
}

describe('one measurement that went wrong', () => {
  it('does not bend the surface beside it', () => {
    expect(Math.abs(estimateBeside(1) / truth(22) - 1)).toBeLessThan(0.01)
    expect(Math.abs(estimateBeside(1.5) / truth(22) - 1)).toBeLessThan(0.03)
  })
})
