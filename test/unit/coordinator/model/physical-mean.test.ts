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
})
