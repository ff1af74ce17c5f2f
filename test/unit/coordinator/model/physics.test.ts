import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { basisOf, costBasis, tokenDemand } from '../../../../coordinator/model/physics.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { metricNames } from '../../../../shared/domain/metric.js'
import type { Workload } from '../../../../shared/domain/sweep.js'

const workloads: readonly Workload[] = [
  { kind: 'static-batch' },
  { kind: 'closed-loop' },
  { kind: 'open-loop', arrivals: 'poisson', burstiness: 1 },
]

const configurations = fc
  .record({
    load: fc.oneof(fc.integer({ min: 1, max: 4096 }), fc.constantFrom(0.25, 1.5)),
    inputTokens: fc.integer({ min: 1, max: 131_072 }),
    outputTokens: fc.integer({ min: 1, max: 16_384 }),
    tensorParallel: fc.constantFrom(1, 2, 4, 8),
  })
  .map((axes): Configuration => ({
    ...{ model: 'm', engine: 'vllm', engineArgs: {}, hardware: 'H100' },
    ...axes,
  }))

const bases = workloads.flatMap((workload) => [
  costBasis(workload),
  ...metricNames.map((metric) => basisOf(metric, workload)),
])

describe('physical terms', () => {
  it('are finite and never negative, and the same without a limit as with one that is never met', () => {
    fc.assert(
      fc.property(configurations, fc.constantFrom(...bases), (configuration, { terms }) => {
        const free = terms(configuration, Infinity)
        expect(free.every((term) => Number.isFinite(term) && term >= 0)).toBe(true)
        const whole = { ...configuration, load: Math.ceil(configuration.load) }
        expect(terms(configuration, tokenDemand(whole))).toEqual(free)
      }),
    )
  })

  it('stay finite and never negative where memory holds less than is asked for', () => {
    fc.assert(
      fc.property(
        configurations,
        fc.constantFrom(...bases),
        fc.integer({ min: 0, max: 1_000_000 }),
        (configuration, { terms }, capacity) => {
          const limited = terms(configuration, capacity)
          expect(limited.every((term) => Number.isFinite(term) && term >= 0)).toBe(true)
        },
      ),
    )
  })
})
