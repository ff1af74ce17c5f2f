import { describe, expect, it } from 'vitest'
import { fitPhysicalMean, logSum } from '../../../../coordinator/model/physical-mean.js'

const batches = [1, 2, 4, 8, 16, 32, 64, 128]
const contexts = [128, 2048, 512, 1024, 256, 4096, 128, 512]
const seconds = [5.03256, 5.14192, 5.16096, 5.40384, 5.56192, 8.58144, 7.08384, 10.15072]

const rows = {
  terms: 3,
  values: Float64Array.from(batches.flatMap((b, i) => [1, b, b * (contexts[i] as number)])),
}

describe('the physical mean', () => {
  it('recovers positive coefficients from a wrong start', () => {
    const logs = Float64Array.from(seconds, Math.log)
    const prior = { centre: Float64Array.from([0, -6, -12]), deviation: 1e4 }
    const fitted = fitPhysicalMean(rows, logs, prior, { iterations: 200 })
    const truth = [5, 0.03, 2e-5]
    fitted.forEach((log, k) => {
      expect(Math.exp(log) / (truth[k] as number) - 1).toBeLessThan(1e-5)
      expect(Math.exp(log) / (truth[k] as number) - 1).toBeGreaterThan(-1e-5)
    })
  })

  it('lets an outlier pull no harder than Huber allows', () => {
    const logs = Float64Array.from(seconds, Math.log)
    logs[3] = (logs[3] as number) + 2
    const prior = { centre: Float64Array.from([0, -6, -12]), deviation: 10 }
    const fitted = fitPhysicalMean(rows, logs, prior, { huber: 0.02, iterations: 200 })
    expect(Math.exp(fitted[0] as number)).toBeCloseTo(5, 1)
  })

  it('has slopes that sum to 1 and survives coefficients far apart', () => {
    const slopes = new Float64Array(3)
    logSum(rows, 2, Float64Array.from([-700, 700, 0]), slopes)
    expect(slopes.reduce((sum, slope) => sum + slope, 0)).toBeCloseTo(1, 12)
    expect(slopes[1]).toBe(1)
  })

  it('lets a term that is freer go further from its usual weight for the same data', () => {
    // 6 s, where three terms of 0.5 s were usual, and nothing says which of them it is.
    const single = { terms: 3, values: Float64Array.from([1, 1, 1]) }
    const firstWith = (freedom?: Float64Array): number => {
      const free = (k: number): number => freedom?.[k] ?? 1
      const centre = Float64Array.from([0, 1, 2], (k) => Math.log(0.5) / free(k))
      const prior = { centre, deviation: 1.2 }
      const fitted = fitPhysicalMean({ ...single, freedom }, Float64Array.of(Math.log(6)), prior)
      return Math.exp(free(0) * (fitted[0] as number))
    }
    expect(firstWith()).toBeCloseTo(2, 0)
    expect(firstWith(Float64Array.from([3, 1, 1]))).toBeGreaterThan(4)
  })

  it('has slopes that are its derivatives, freedom included', () => {
    const freedom = Float64Array.from([1.6, 1, 0.5])
    const t = Float64Array.from([0.3, -2, -4])
    const slopes = new Float64Array(3)
    const value = logSum({ ...rows, freedom }, 4, t, slopes)
    slopes.forEach((slope, k) => {
      const moved = t.map((each, j) => (j === k ? each + 1e-6 : each))
      expect((logSum({ ...rows, freedom }, 4, moved) - value) / 1e-6).toBeCloseTo(slope, 5)
    })
  })
})
