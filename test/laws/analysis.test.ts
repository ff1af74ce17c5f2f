import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare } from '../../coordinator/analysis/comparison/compare.js'
import { appraise } from '../../coordinator/decision/appraise.js'
import { cheapestFleet } from '../../coordinator/analysis/cost/fleet.js'
import { informationValue } from '../../coordinator/decision/information-value.js'
import { paretoFront, undominated } from '../../coordinator/analysis/cost/pareto.js'
import { recommend } from '../../coordinator/decision/recommend.js'
import { bookOf, mergedBook, scaledBook } from '../../shared/domain/price-book.js'
import { knowledgeOf } from '../unit/coordinator/analysis/cost/knowledge.js'
import type { PointSpec } from '../unit/coordinator/analysis/cost/knowledge.js'

const classes = ['H100', 'A100', 'L40S'] as const
const spec: fc.Arbitrary<PointSpec> = fc.record({
  hardware: fc.constantFrom(...classes),
  load: fc.integer({ min: 1, max: 64 }),
  tensorParallel: fc.constantFrom(1, 2, 4),
  itl: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
  rate: fc.double({ min: 10, max: 20_000, noNaN: true }),
  sd: fc.constantFrom(0, 0.01, 0.1),
  measured: fc.boolean(),
  feasible: fc.constantFrom(1, 0.9, 0.4, 0),
})
const specs = fc
  .uniqueArray(spec, {
    minLength: 1,
    maxLength: 12,
    selector: ({ hardware, load, tensorParallel }) =>
      `${hardware ?? ''}/${load ?? 0}/${tensorParallel ?? 0}`,
  })
  // A measured configuration ran.
  .map((list) => list.map((each) => (each.measured === true ? { ...each, feasible: 1 } : each)))
const prices = fc
  .tuple(...classes.map(() => fc.double({ min: 0.1, max: 50, noNaN: true })))
  .map((list) => bookOf(Object.fromEntries(classes.map((name, k) => [name, list[k] ?? 1]))))
const limit = fc.double({ min: 0.001, max: 0.25, noNaN: true })
const factor = fc.double({ min: 0.01, max: 100, noNaN: true })
const runs = { numRuns: 60 }

const question = (list: readonly PointSpec[], limitSeconds: number, book = mergedBook()) => ({
  knowledge: knowledgeOf(list),
  traffic: 'any' as const,
  slo: [{ metric: 'itl' as const, limitSeconds }],
  objective: 'usd' as const,
  prices: book,
  draws: 40,
})

describe('recommendations', () => {
  it('never break a hard limit on a measured configuration, nor run what is likelier not to', () => {
    fc.assert(
      fc.property(specs, limit, prices, (list, limitSeconds, book) => {
        const asked = question(list, limitSeconds, book)
        const found = recommend(appraise(asked))
        for (const standing of [found?.best, found?.runnerUp]) {
          if (standing === undefined) continue
          const [number = -1] = standing.appraisal.deployment.points
          const point = asked.knowledge.points[number]
          expect(point?.estimates.itl?.value).toBeLessThanOrEqual(limitSeconds)
          expect(point?.feasible).toBeGreaterThanOrEqual(0.5)
        }
      }),
      runs,
    )
  })

  it('choose the cheapest that meets the limit where nothing is uncertain', () => {
    fc.assert(
      fc.property(specs, limit, prices, (list, limitSeconds, book) => {
        const sure = list.map((each) => ({ ...each, sd: 0, measured: true, feasible: 1 }))
        const appraised = appraise(question(sure, limitSeconds, book))
        const allowed = appraised.appraisals.filter(({ broken }) => broken === undefined)
        const least = Math.min(...allowed.map(({ cost }) => cost))
        const found = recommend(appraised)
        expect(found === undefined).toBe(allowed.length === 0)
        if (found === undefined) return
        expect(found.best.appraisal.cost).toBeLessThanOrEqual(least * (1 + 1e-6))
        expect(found.best.expectedRegret).toBeLessThan(1e-5)
      }),
      runs,
    )
  })

  it('scale in cost with the prices and in nothing else', () => {
    fc.assert(
      fc.property(specs, limit, prices, factor, (list, limitSeconds, book, by) => {
        const before = appraise(question(list, limitSeconds, book))
        const after = appraise(question(list, limitSeconds, scaledBook(book, by)))
        before.appraisals.forEach((each, k) => {
          const other = after.appraisals[k]
          expect(other?.cost).toBeCloseTo(each.cost * by, 12)
          expect(other).toMatchObject({
            deployment: each.deployment,
            latencies: each.latencies,
            deviceSecondsPerRequest: each.deviceSecondsPerRequest,
            runs: each.runs,
          })
        })
        expect([...after.worlds.meets]).toEqual([...before.worlds.meets])
        const [a, b] = [recommend(before), recommend(after)]
        expect(b?.best.meetsProbability).toBe(a?.best.meetsProbability)
        if (a !== undefined && b !== undefined) {
          expect(b.best.cost.value / a.best.cost.value / by).toBeCloseTo(1, 4)
        }
      }),
      runs,
    )
  })

  it('are the same for the same seed, with shares and regrets inside 0 to 1', () => {
    fc.assert(
      fc.property(specs, limit, prices, (list, limitSeconds, book) => {
        const asked = question(list, limitSeconds, book)
        const [first, second] = [recommend(appraise(asked)), recommend(appraise(asked))]
        expect(second).toEqual(first)
        if (first === undefined) return
        for (const share of [
          first.best.meetsProbability,
          first.best.bestProbability,
          first.best.expectedRegret,
        ]) {
          expect(share).toBeGreaterThanOrEqual(0)
          expect(share).toBeLessThanOrEqual(1)
        }
      }),
      runs,
    )
  })

  it('never lose by knowing more, and never spend more than they may', () => {
    fc.assert(
      fc.property(specs, prices, fc.integer({ min: 0, max: 100 }), (list, book, budget) => {
        const appraised = appraise(question(list, 1, book))
        const some = informationValue(appraised, budget)
        const all = informationValue(appraised, Infinity)
        expect(some.deviceSeconds).toBeLessThanOrEqual(budget)
        expect(some.gain).toBeGreaterThanOrEqual(0)
        expect(all.gain).toBeGreaterThanOrEqual(some.gain - 1e-12)
      }),
      runs,
    )
  })
})

describe('Pareto fronts', () => {
  const figure = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(NaN))
  const plane = fc.array(fc.tuple(figure, figure), { maxLength: 30 })
  const dominates = (a: readonly [number, number], b: readonly [number, number]): boolean =>
    a[0] <= b[0] && a[1] <= b[1] && (a[0] < b[0] || a[1] < b[1])

  it('hold exactly the undominated, ties included', () => {
    fc.assert(
      fc.property(plane, (points) => {
        const kept = undominated(
          points.map(([x]) => x),
          points.map(([, y]) => y),
        )
        const expected = points.flatMap((point, k) =>
          !point.some(Number.isNaN) && !points.some((other) => dominates(other, point)) ? [k] : [],
        )
        expect(kept).toEqual(expected)
      }),
    )
  })

  it('have no dominated member, leave out what does not run, and are sure where nothing is in doubt', () => {
    fc.assert(
      fc.property(specs, prices, (list, book) => {
        const asked = question(list, 1, book)
        const { members } = paretoFront(asked, 'itl')
        for (const member of members) {
          const [number = -1] = member.appraisal.deployment.points
          expect(asked.knowledge.points[number]?.feasible).toBeGreaterThanOrEqual(0.5)
          const beaten = members.some((other) =>
            dominates([other.latency, other.cost], [member.latency, member.cost]),
          )
          expect(member.onFront).toBe(!beaten)
        }
        const sure = list.every(({ sd, measured }) => sd === 0 && measured === true)
        if (!sure) return
        for (const { onFront, frontProbability } of members) {
          expect(frontProbability).toBe(onFront ? 1 : 0)
        }
      }),
      runs,
    )
  })
})

describe('fleets', () => {
  const kinds = fc
    .array(
      fc.record({
        requestRate: fc.integer({ min: 1, max: 30 }),
        usdPerHour: fc.integer({ min: 1, max: 60 }),
        devices: fc.constantFrom(1, 2, 4, 8),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((list) => list.map((each, k) => ({ ...each, key: `${k}`, hardware: `class ${k}` })))

  /** The cheapest of all counts up to `most` each, by trying them. */
  function cheapestByTrying(
    list: readonly { requestRate: number; usdPerHour: number }[],
    load: number,
    spares: number,
  ): number {
    const most = Math.ceil(load) + spares + 1
    let best = Infinity
    const walk = (at: number, rate: number, usd: number, largest: number): void => {
      if (rate - spares * largest >= load && rate > 0) best = Math.min(best, usd)
      const kind = list[at]
      if (kind === undefined || usd >= best) return
      for (let count = 0; count <= most; count += 1) {
        walk(
          at + 1,
          rate + count * kind.requestRate,
          usd + count * kind.usdPerHour,
          count > 0 ? Math.max(largest, kind.requestRate) : largest,
        )
      }
    }
    walk(0, 0, 0, 0)
    return best
  }

  it('carry the load, and none that does costs less', () => {
    fc.assert(
      fc.property(
        kinds,
        fc.integer({ min: 1, max: 25 }),
        fc.constantFrom(0, 1),
        (list, load, spares) => {
          const fleet = cheapestFleet(list, { requestRate: load, spares, utilization: 1 })
          expect(fleet?.cheapestProven).toBe(true)
          expect(fleet?.usdPerHour).toBe(cheapestByTrying(list, load, spares))
          const largest = Math.max(
            ...(fleet?.parts ?? []).map(({ replica }) => replica.requestRate),
          )
          expect((fleet?.carries ?? 0) - spares * largest).toBeGreaterThanOrEqual(load)
        },
      ),
      runs,
    )
  })
})

describe('comparisons', () => {
  const options = {
    across: [],
    estimates: true,
    threshold: 0,
    falseDiscoveryRate: 0.2,
    seed: 1,
  } as const
  const running = specs
    .map((list) => list.filter(({ feasible }) => (feasible ?? 1) >= 0.5))
    .filter((list) => list.length > 0)

  it('of a sweep with itself find nothing, however little is accepted', () => {
    fc.assert(
      fc.property(running, (list) => {
        const side = { knowledge: knowledgeOf(list), noise: {} }
        const { metrics, regressed } = compare(side, side, options)
        expect(regressed).toBe(false)
        for (const { overall, ratios, flips } of metrics) {
          expect(overall.value).toBe(1)
          expect(
            ratios.every(({ verdict, ratio }) => verdict === 'same' && ratio.value === 1),
          ).toBe(true)
          expect(flips).toEqual([])
        }
      }),
      runs,
    )
  })

  it('turned round find the inverse ratios and the opposite verdicts', () => {
    const opposite = { better: 'worse', worse: 'better', same: 'same' } as const
    fc.assert(
      fc.property(running, factor, (list, by) => {
        const one = { knowledge: knowledgeOf(list), noise: { itl: 0.02 } }
        const other = {
          knowledge: knowledgeOf(
            list.map((each, k) => ({ ...each, itl: (each.itl ?? 1) * (k % 2 === 0 ? by : 1) })),
          ),
          noise: {},
        }
        const [there, back] = [compare(one, other, options), compare(other, one, options)]
        there.metrics.forEach(({ overall, ratios }, m) => {
          const turned = back.metrics[m]
          expect((turned?.overall.value ?? 0) * overall.value).toBeCloseTo(1, 9)
          ratios.forEach(({ ratio, verdict }, k) => {
            const found = turned?.ratios[k]
            expect((found?.ratio.value ?? 0) * ratio.value).toBeCloseTo(1, 9)
            expect(found?.verdict).toBe(opposite[verdict])
          })
        })
      }),
      runs,
    )
  })
})
