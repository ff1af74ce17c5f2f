import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialInterval } from '../../../../shared/stats/binomial.js'
import { clusteredShare } from '../../../../shared/stats/clustered-share.js'
import type { Clustered } from '../../../../shared/stats/clustered-share.js'

/** So many clusters of each kind, each of `size` samples that are all alike. */
const alike = (holding: number, failing: number, size: number): Clustered[] =>
  [...Array<boolean>(holding).fill(true), ...Array<boolean>(failing).fill(false)].flatMap(
    (holds, cluster) => Array.from({ length: size }, () => ({ cluster: String(cluster), holds })),
  )

describe('the interval of a share of samples in clusters', () => {
  it('is that of the clusters, but for the one that tells their spread, where all of a cluster are alike', () => {
    const found = clusteredShare(alike(18, 2, 12), 0.9)
    const ofClusters = binomialInterval(0.9 * 19, 19, 0.9)
    expect(found?.value).toBe(0.9)
    expect(found?.low).toBeCloseTo(ofClusters?.low ?? NaN, 9)
    expect(found?.high).toBeCloseTo(ofClusters?.high ?? NaN, 9)
  })

  it('counts clusters, not samples, where everything holds', () => {
    expect(clusteredShare(alike(10, 0, 50), 0.9)).toEqual(binomialInterval(10, 10, 0.9))
    expect(clusteredShare(alike(0, 10, 50), 0.9)).toEqual(binomialInterval(0, 10, 0.9))
  })

  it('is that of independent samples where clusters have one each', () => {
    const found = clusteredShare(alike(30, 10, 1), 0.9)
    const independent = binomialInterval(30, 40, 0.9)
    expect(found?.low).toBeCloseTo(independent?.low ?? NaN, 2)
    expect(found?.high).toBeCloseTo(independent?.high ?? NaN, 2)
  })

  it('says nothing of one cluster but what one sample says', () => {
    const one = alike(1, 0, 5).map((each, k) => ({ ...each, holds: k > 1 }))
    const found = clusteredShare(one, 0.9)
    expect(found?.value).toBe(0.6)
    expect(found?.low).toBeLessThan(0.1)
    expect(found?.high).toBeGreaterThan(0.95)
    expect(clusteredShare([], 0.9)).toBeUndefined()
  })

  it('holds its share, and is never narrower than that of as many independent samples', () => {
    const sample = fc.record({
      cluster: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      holds: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), (samples) => {
        const found = clusteredShare(samples, 0.9)
        const held = samples.filter(({ holds }) => holds).length
        const independent = binomialInterval(held, samples.length, 0.9)
        if (found === undefined || independent === undefined) throw new Error('no interval')
        expect(found.low).toBeLessThanOrEqual(found.value)
        expect(found.high).toBeGreaterThanOrEqual(found.value)
        expect(found.low).toBeLessThanOrEqual(independent.low + 1e-9)
        expect(found.high).toBeGreaterThanOrEqual(independent.high - 1e-9)
      }),
    )
  })
})
