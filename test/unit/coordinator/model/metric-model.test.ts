import { describe, expect, it } from 'vitest'
import { Encodings } from '../../../../coordinator/model/encodings.js'
import { MetricModel } from '../../../../coordinator/model/metric-model.js'
import type { LogObservation } from '../../../../coordinator/model/metric-model.js'
import { basisOf } from '../../../../coordinator/model/physics.js'
import { exhaust } from '../../../../coordinator/model/steps.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../shared/domain/space.js'

const size = 1500
const space = spaceOf(
  Array.from({ length: size }, (_, k): Configuration => ({
    ...{ model: 'm', engine: 'recorded', engineArgs: {}, hardware: 'H100' },
    ...{ tensorParallel: 1, load: 1 + k, inputTokens: 128, outputTokens: 32 },
  })),
)
const truth = (index: number) => Math.log(0.005 + 2e-5 * (1 + index))
const observation = (index: number): LogObservation => ({
  ...{ index, log: truth(index), variance: 1e-6, level: [] },
})

/** One that learnt from ten loads, and was then told of every one but every seventh, up to `until`. */
function told(until: number): MetricModel {
  const universe = Uint32Array.from({ length: size }, (_, index) => index)
  const limits = { of: () => Infinity, between: () => undefined }
  const { own } = Encodings.of(space, universe, [])
  const basis = basisOf('itl', { kind: 'static-batch' })
  const model = MetricModel.of(space, universe, own, basis, limits)
  const first = Array.from({ length: 10 }, (_, k) => 1 + 140 * k)
  exhaust(model.fit(first.map(observation), 10))
  for (let index = 0; index < until; index += 1) {
    if (index % 7 !== 0 && !first.includes(index)) model.append(observation(index))
  }
  return model
}

describe('a model that is told faster than it learns', () => {
  const held = [7, 350, 994].map((index) => ({ index, log: truth(index) }))

  it('predicts from all that it was told as long as that is cheap', () => {
    const model = told(1001)
    expect(model.isLocal).toBe(false)
    const predicted = model.predict(held.map(({ index }) => index))
    predicted.forEach(({ mean }, k) => {
      expect(mean).toBeCloseTo(held[k]?.log as number, 2)
    })
  })

  it('predicts from the nearest when it was told of too many, and as well', () => {
    const model = told(size)
    expect(model.isLocal).toBe(true)
    const indices = held.map(({ index }) => index)
    model.predict(indices).forEach(({ mean, variance }, k) => {
      expect(mean).toBeCloseTo(held[k]?.log as number, 2)
      expect(Math.sqrt(variance)).toBeLessThan(0.05)
    })
    expect(model.variances(indices)).toEqual(model.predict(indices).map(({ variance }) => variance))
  })
})
