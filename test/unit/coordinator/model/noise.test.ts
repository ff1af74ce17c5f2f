import { describe, expect, it } from 'vitest'
import { noiseLevel } from '../../../../coordinator/model/noise.js'
import { createRandom } from '../../../../shared/stats/random.js'

/** Configurations measured twice, with so much noise from one trial to the next. */
function pairs(count: number, between: number, reported: number, seed = 1) {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => ({
    logs: [between * random.normal(), between * random.normal()],
    relativeSds: [reported, reported],
  }))
}

describe('the noise of a measurement', () => {
  it('is what trials report while nothing was repeated', () => {
    const level = noiseLevel([{ logs: [0], relativeSds: [0.02] }])
    expect(level.typical).toBeCloseTo(0.0004, 12)
    expect(level).toMatchObject({ between: 0, repeats: 0 })
  })

  it('is what repeats show where trials report less', () => {
    const level = noiseLevel(pairs(400, 0.06, 0.01))
    expect(Math.sqrt(level.typical)).toBeCloseTo(0.06, 2)
    expect(level.between).toBeCloseTo(level.typical - 0.0001, 12)
    expect(level.repeats).toBe(400)
  })

  it('is doubted the less the more repeats there are, and not at all where none adds to it', () => {
    expect(noiseLevel(pairs(6, 0.06, 0.01)).doubt).toBeCloseTo(0.756 / Math.sqrt(8), 3)
    expect(noiseLevel(pairs(400, 0.06, 0.01)).doubt).toBeLessThan(0.04)
    expect(noiseLevel(pairs(50, 0.001, 0.02)).doubt).toBe(0)
  })

  it('is never less than trials report', () => {
    expect(noiseLevel(pairs(50, 0.001, 0.02)).typical).toBeCloseTo(0.0004, 12)
  })

  it('does not take one trial that went wrong for the noise of all', () => {
    const level = noiseLevel([
      ...pairs(10, 0.02, 0.02),
      { logs: [0, 0.5], relativeSds: [0.02, 0.02] },
    ])
    expect(Math.sqrt(level.typical)).toBeLessThan(0.07)
  })

  it('adds to what a trial says of itself', () => {
    const level = noiseLevel(pairs(200, 0.06, 0.01))
    expect(level.shrunk(0.01)).toBeGreaterThan(0.8 * level.typical)
    expect(level.shrunk(0.1)).toBeGreaterThan(level.typical)
  })
})
