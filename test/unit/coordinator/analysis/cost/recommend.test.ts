import { describe, expect, it } from 'vitest'
import { appraise } from '../../../../../coordinator/decision/appraise.js'
import { byHardware } from '../../../../../coordinator/analysis/cost/by-hardware.js'
import { costSheet } from '../../../../../coordinator/analysis/cost/cost-sheet.js'
import { informationValue } from '../../../../../coordinator/decision/information-value.js'
import { recommend } from '../../../../../coordinator/decision/recommend.js'
import { readClause } from '../../../../../coordinator/decision/slo.js'
import { shapesOf } from '../../../../../coordinator/decision/traffic.js'
import { withMeasurements } from '../../../../../coordinator/analysis/cost/with-measurements.js'
import type { Knowledge } from '../../../../../coordinator/decision/point.js'
import { bookOf } from '../../../../../shared/domain/price-book.js'
import { knowledgeOf } from './knowledge.js'

const ask = (knowledge: Knowledge, slo: string[], prices = { H100: 2.5, A100: 1 }) =>
  appraise({
    knowledge,
    traffic: shapesOf(knowledge),
    slo: slo.map((clause) => readClause(clause)),
    objective: 'usd',
    prices: bookOf(prices),
  })

/** Rates per device: H100 1000 and 4000 tok/s, A100 500 and 1500. */
const two = knowledgeOf([
  { load: 1, itl: 0.01, rate: 1000 },
  { load: 8, itl: 0.03, rate: 4000 },
  { hardware: 'A100', load: 1, itl: 0.02, rate: 500 },
  { hardware: 'A100', load: 8, itl: 0.05, rate: 1500 },
])

describe('recommend', () => {
  it('names the cheapest deployment that meets the limit, exactly where nothing is uncertain', () => {
    const found = recommend(ask(two, ['itl<40ms']))
    expect(found?.best.appraisal.deployment).toMatchObject({ load: 8, block: { hardware: 'H100' } })
    expect(found?.best).toMatchObject({
      meetsProbability: 1,
      bestProbability: 1,
      expectedRegret: 0,
    })
    // 2.5 USD per hour / 4000 tok/s.
    expect(found?.best.cost.value).toBeCloseTo(2.5 / 3600 / 4000, 15)
    expect(found?.runnerUp?.appraisal.deployment.block.hardware).toBe('A100')
    expect(found?.eligible).toBe(3)
  })

  it('changes its mind with the limit and with the price', () => {
    const best = (slo: string[], a100: number) =>
      recommend(ask(two, slo, { H100: 2.5, A100: a100 }))?.best.appraisal.deployment
    expect(best(['itl<15ms'], 1)).toMatchObject({ load: 1, block: { hardware: 'H100' } })
    expect(best([], 0.5)).toMatchObject({ load: 8, block: { hardware: 'A100' } })
  })

  it('recommends nothing where nothing meets the limit', () => {
    expect(recommend(ask(two, ['itl<1ms']))).toBeUndefined()
  })

  it('prefers the sure one where breaking the limit is likely enough to cost more', () => {
    const risky = knowledgeOf([
      { load: 4, itl: 0.02, rate: 3000, sd: 0.001 },
      { load: 8, itl: 0.0295, rate: 3300, sd: 0.1, measured: false },
    ])
    const found = recommend(ask(risky, ['itl<30ms']))
    expect(found?.best.appraisal.deployment.load).toBe(4)
    expect(found?.best.expectedRegret).toBeGreaterThan(0)
    expect(found?.runnerUp?.meetsProbability).toBeGreaterThan(0.4)
    expect(found?.runnerUp?.meetsProbability).toBeLessThan(0.75)
  })

  it('refuses a limit on what was not measured instead of exchanging definitions', () => {
    expect(() => ask(two, ['tpot<50ms'])).toThrow('test did not measure tpot')
    expect(() => ask(two, ['itl:p95<50ms'])).toThrow('test did not measure itl:p95')
  })

  it('leaves out what has no price, and says so', () => {
    const { appraisals, leftOut } = ask(two, [], { H100: 2.5 } as { H100: number; A100: number })
    expect(appraisals).toHaveLength(2)
    expect(leftOut.unpriced).toEqual(['A100'])
  })

  it('never recommends what is likelier not to run', () => {
    const doubtful = knowledgeOf([
      { load: 1, itl: 0.01, rate: 1000 },
      { load: 64, itl: 0.02, rate: 9000, measured: false, feasible: 0.3 },
    ])
    expect(recommend(ask(doubtful, []))?.best.appraisal.deployment.load).toBe(1)
  })

  it('asks of a mix that every length meets the limit', () => {
    const mix = knowledgeOf([
      { load: 1, itl: 0.01, rate: 1000 },
      { load: 8, itl: 0.02, rate: 4000 },
      { load: 1, itl: 0.02, rate: 900, inputTokens: 4096 },
      { load: 8, itl: 0.09, rate: 2000, inputTokens: 4096 },
    ])
    const found = recommend(ask(mix, ['itl<50ms']))
    expect(found?.best.appraisal.deployment.load).toBe(1)
    // Requests of both lengths equally often: the mean of 100/1000 and 100/900 seconds.
    expect(found?.best.appraisal.deviceSecondsPerRequest).toBeCloseTo((0.1 + 100 / 900) / 2, 12)
  })
})

describe('percentiles of the limits', () => {
  it('uses the measured percentile, and the ratio of those measured elsewhere', () => {
    const tails = knowledgeOf([
      ...[1, 2, 4].map((load) => ({
        load,
        itl: 0.01 * load,
        rate: 1000 * load,
        percentiles: { itl: { p95: 0.02 * load } },
      })),
      { load: 3, itl: 0.03, rate: 3000, measured: false },
    ])
    const { appraisals } = ask(tails, ['itl:p95<50ms'])
    expect(appraisals.map(({ latencies }) => latencies[0])).toEqual([
      0.02,
      0.04,
      0.08,
      expect.closeTo(0.06, 9),
    ])
    expect(recommend(ask(tails, ['itl:p95<50ms']))?.best.appraisal.deployment.load).toBe(2)
  })
})

describe('cost figures', () => {
  it('turns rates and prices into USD per million tokens and joules per token', () => {
    const powered = knowledgeOf([{ load: 8, rate: 2000, power: 700, tensorParallel: 2 }])
    const appraised = ask(powered, [])
    const best = recommend(appraised)?.best
    if (best === undefined) throw new Error('nothing is recommended')
    const sheet = costSheet(appraised, best)
    expect(sheet.tokensPerDevice.value).toBeCloseTo(1000, 9)
    expect(sheet.tokensPerUser?.value).toBeCloseTo(250, 9)
    // 2 x 2.5 USD per hour / 2000 tok/s.
    expect(sheet.usdPerMillionOutput?.value).toBeCloseTo((5 / 3600 / 2000) * 1e6, 9)
    expect(sheet.usdPerMillionTotal?.value).toBeCloseTo(
      ((5 / 3600 / 2000) * 1e6 * 100) / (100 + 128),
      9,
    )
    expect(sheet.joulesPerOutput).toBeCloseTo(700 / 2000, 12)
  })

  it('names the price at which another hardware class takes over', () => {
    const standings = byHardware(ask(two, []))
    const h100 = standings.find(({ hardware }) => hardware === 'H100')
    const a100 = standings.find(({ hardware }) => hardware === 'A100')
    // 4000 tok/s against 1500: worth 2.67 times the price.
    expect(h100?.switchesAt?.value).toBeCloseTo((4000 / 1500) * 1, 9)
    expect(a100?.switchesAt?.value).toBeCloseTo((1500 / 4000) * 2.5, 9)
    expect(h100?.goodput).toBeCloseTo(40, 9)
  })
})

describe('the next device-hour', () => {
  const open = knowledgeOf([
    { load: 4, itl: 0.02, rate: 3000, sd: 0.001 },
    { load: 8, itl: 0.025, rate: 2900, sd: 0.2, measured: false },
    { load: 2, itl: 0.01, rate: 500, sd: 0.05, measured: false },
  ])

  it('goes to the contender that may be better, not to the hopeless one', () => {
    const { next, gain, deviceSeconds } = informationValue(ask(open, []), 3600)
    expect(next[0]?.points).toEqual([1])
    expect(gain).toBeGreaterThan(0.02)
    expect(deviceSeconds).toBeLessThanOrEqual(3600)
    expect(next.flatMap(({ points }) => points)).not.toContain(2)
  })

  it('buys nothing when it cannot pay for one measurement, or nothing is in doubt', () => {
    expect(informationValue(ask(open, []), 5).next).toEqual([])
    expect(informationValue(ask(two, []), 3600)).toMatchObject({ next: [], gain: 0 })
  })

  it('lets a later sweep’s measurement replace the estimate and pool with a measurement', () => {
    const later = knowledgeOf([
      { load: 8, itl: 0.025, rate: 3500, sd: 0.01 },
      { load: 4, itl: 0.02, rate: 3300, sd: 0.001 },
    ])
    const known = withMeasurements(open, later)
    expect(known.points[1]?.measured).toBe(true)
    expect(known.points[1]?.estimates.output_throughput?.value).toBe(3500)
    expect(known.points[0]?.estimates.output_throughput?.value).toBeCloseTo(
      Math.sqrt(3000 * 3300),
      6,
    )
    expect(recommend(ask(known, []))?.best.appraisal.deployment.load).toBe(8)
  })
})
