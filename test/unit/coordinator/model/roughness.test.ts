import { describe, expect, it } from 'vitest'
import { Encodings } from '../../../../coordinator/model/encodings.js'
import { MetricModel } from '../../../../coordinator/model/metric-model.js'
import type { LogObservation } from '../../../../coordinator/model/metric-model.js'
import { basisOf } from '../../../../coordinator/model/physics.js'
import { exhaust } from '../../../../coordinator/model/steps.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../shared/domain/space.js'
import { createRandom } from '../../../../shared/stats/random.js'

const loads = 60
const space = spaceOf(
  ['calm', 'rough'].flatMap((hardware) =>
    Array.from({ length: loads }, (_, k): Configuration => ({
      ...{ model: 'm', engine: 'recorded', engineArgs: {}, hardware },
      ...{ tensorParallel: 1, load: 1 + k, inputTokens: 128, outputTokens: 32 },
    })),
  ),
)
const universe = Uint32Array.from({ length: space.size }, (_, index) => index)

/** A model of two kinds of hardware whose values scatter by these parts around the same law. */
function learnt(scatters: Readonly<Record<string, number>>): MetricModel {
  const random = createRandom(7)
  const limits = { of: () => Infinity, between: () => undefined }
  const { own } = Encodings.of(space, universe, [])
  const model = MetricModel.of(
    space,
    universe,
    own,
    basisOf('itl', { kind: 'static-batch' }),
    limits,
  )
  const observations = Array.from(universe)
    .filter((index) => index % 3 !== 0)
    .map((index): LogObservation => {
      const { hardware, load } = space.at(index)
      const scatter = (scatters[hardware] as number) * random.normal()
      const log = Math.log(0.005 + 2e-5 * load) + scatter
      return { index, log, variance: 1e-6, level: [] }
    })
  for (let fit = 0; fit < 3; fit += 1) exhaust(model.fit(observations, 20))
  return model
}

/** Mean predicted standard deviation of what was not measured of one kind of hardware. */
function deviation(model: MetricModel, hardware: string): number {
  const held = Array.from(universe).filter(
    (index) => index % 3 === 0 && space.at(index).hardware === hardware,
  )
  const sds = model.predict(held).map(({ variance }) => Math.sqrt(variance))
  return sds.reduce((sum, sd) => sum + sd, 0) / sds.length
}

describe('a surface of two kinds of hardware', () => {
  it('is as unsure of each as its own measurements scatter', () => {
    const model = learnt({ calm: 0.005, rough: 0.1 })
    expect(deviation(model, 'rough')).toBeGreaterThan(0.06)
    expect(deviation(model, 'rough')).toBeLessThan(0.16)
    expect(deviation(model, 'calm')).toBeLessThan(0.025)
  })

  it('is equally sure of both where they scatter alike', () => {
    const model = learnt({ calm: 0.03, rough: 0.03 })
    expect(deviation(model, 'rough') / deviation(model, 'calm')).toBeGreaterThan(0.75)
    expect(deviation(model, 'rough') / deviation(model, 'calm')).toBeLessThan(1.33)
  })
})
