import { describe, expect, it } from 'vitest'
import { createSurface } from '../../../../coordinator/model/create-surface.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../shared/domain/space.js'

const loads = Array.from({ length: 48 }, (_, k) => 1 + k)
const space = spaceOf(
  loads.map((load): Configuration => ({
    ...{ model: 'm', engine: 'recorded', engineArgs: {}, hardware: 'H100' },
    ...{ tensorParallel: 1, load, inputTokens: 128, outputTokens: 32 },
  })),
)

/** A surface that knows the loads up to 12, where `weight` says how much each counts. */
function surfaceOf(weight?: (index: number) => number) {
  const surface = createSurface({
    ...{ space, workload: { kind: 'static-batch' }, metrics: ['itl'], seed: 1 },
    ...{ tolerance: 0.05, confidence: 0.9, repetitions: 1, warmups: 0 },
    ...(weight === undefined ? {} : { weight }),
  })
  for (let index = 0; index < 12; index += 1) {
    surface.tell({
      ...{ index, outcome: 'measured', cost: 1, purpose: 'explore', agent: 'a', at: index },
      values: { itl: { value: 0.01 + 0.0005 * (loads[index] as number), relativeSd: 0.01 } },
    })
  }
  return surface
}
const accuracyOf = (weight?: (index: number) => number) => {
  const [itl] = surfaceOf(weight).accuracy()
  if (itl === undefined) throw new Error('no accuracy')
  return itl
}

describe('accuracy of a weighted space', () => {
  it('is what it is where all weigh the same, whatever that is', () => {
    const even = accuracyOf()
    const same = accuracyOf(() => 3)
    expect(same.accuracy.value).toBeCloseTo(even.accuracy.value, 2)
    expect([even.why, same.why]).toEqual(['0 of 6 audits', '0 of 6 audits, by weight'])
  })

  it('is nearer to 1 the more the known part counts', () => {
    const known = accuracyOf((index) => (index < 12 ? 100 : 1)).accuracy.value
    const unknown = accuracyOf((index) => (index < 12 ? 0.01 : 1)).accuracy.value
    const far = accuracyOf((index) => (index < 36 ? 0.01 : 1)).accuracy.value
    const even = accuracyOf().accuracy.value
    expect(known).toBeGreaterThan(even)
    expect(even).toBeGreaterThan(unknown)
    expect(unknown).toBeGreaterThan(far)
  })

  it('draws choices to what counts', () => {
    const chosen = (weight?: (index: number) => number) => {
      const acquisition = surfaceOf(weight).acquisition()
      if (acquisition === undefined) throw new Error('nothing learnt')
      const gains = Array.from(acquisition.pool, (_, row) => acquisition.accuracyGainAt(row))
      return acquisition.pool[gains.indexOf(Math.max(...gains))] as number
    }
    expect(chosen((index) => (index < 20 ? 1000 : 0.001))).toBeLessThan(24)
    expect(chosen()).toBeGreaterThan(24)
  })
})
