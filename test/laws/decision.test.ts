import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withMeasurements } from '../../coordinator/analysis/cost/with-measurements.js'
import { appraise, estimate } from '../../coordinator/decision/appraise.js'
import type { Question } from '../../coordinator/decision/appraise.js'
import { contendersOf } from '../../coordinator/decision/contenders.js'
import { contests } from '../../coordinator/decision/contest.js'
import { logInterval } from '../../coordinator/decision/point.js'
import type { Point } from '../../coordinator/decision/point.js'
import { recommend } from '../../coordinator/decision/recommend.js'
import { isTold, measureFirst, viewOf } from '../../coordinator/decision/verdict.js'
import type { View } from '../../coordinator/decision/verdict.js'
import { bookOf, scaledBook } from '../../shared/domain/price-book.js'
import type { PriceBook } from '../../shared/domain/price-book.js'
import { createRandom } from '../../shared/stats/random.js'
import { knowledgeOf } from '../unit/coordinator/analysis/cost/knowledge.js'
import type { PointSpec } from '../unit/coordinator/analysis/cost/knowledge.js'

const classes = ['H100', 'A100'] as const
const noise = 0.01
const spec: fc.Arbitrary<PointSpec> = fc.record({
  hardware: fc.constantFrom(...classes),
  load: fc.constantFrom(1, 2, 4, 8, 16),
  itl: fc.double({ min: 0.005, max: 0.05, noNaN: true }),
  measured: fc.boolean(),
})
const specs = fc.uniqueArray(spec, {
  minLength: 2,
  maxLength: 8,
  selector: ({ hardware, load }) => `${hardware ?? ''}/${load ?? 0}`,
})
const prices = fc
  .tuple(...classes.map(() => fc.double({ min: 0.5, max: 5, noNaN: true })))
  .map((list) => bookOf(Object.fromEntries(classes.map((name, k) => [name, list[k] ?? 1]))))
const limit = fc.double({ min: 0.005, max: 0.06, noNaN: true })
const seed = fc.integer({ min: 1, max: 1000 })
const runs = { numRuns: 40 }
const mostSteps = 8

const asked = (list: readonly PointSpec[], limitSeconds: number, book: PriceBook): Question => ({
  // Estimates are within 20 %, measurements within 1 %.
  knowledge: knowledgeOf(
    list.map((each) => ({ ...each, sd: each.measured === true ? noise : 0.2 })),
  ),
  traffic: 'any',
  slo: [{ metric: 'itl', limitSeconds }],
  objective: 'usd',
  prices: book,
  draws: 60,
})

const chosenIn = ({ appraised, certainty }: View): Point | undefined => {
  const appraisal = appraised.appraisals[certainty.chosen ?? -1]
  const [point = -1] = appraisal?.deployment.points ?? []
  return appraised.question.knowledge.points[point]
}

/** What the stage measures and chooses, a measurement at a time, of a truth near the estimates. */
function play(question: Question, ofTruth: number): { measured: number[]; views: View[] } {
  const random = createRandom(ofTruth)
  const truth = question.knowledge.points.map(
    ({ estimates }) => (estimates.itl?.value ?? NaN) * Math.exp(0.2 * random.normal()),
  )
  const repeats = new Map<number, number>()
  const measured: number[] = []
  let { knowledge } = question
  let view = viewOf(question, 0)
  const views = [view]
  while (
    measured.length < mostSteps &&
    !(view.certainty.probability >= 0.95 && isTold(view.certainty))
  ) {
    const [next] = contests(
      view.appraised,
      view.certainty,
      (point) => (repeats.get(point) ?? 0) < 3,
    )
    if (next === undefined) break
    repeats.set(next.point, (repeats.get(next.point) ?? 0) + 1)
    measured.push(next.point)
    const value = (truth[next.point] ?? NaN) * Math.exp(noise * random.normal())
    const { configuration } = knowledge.points[next.point] as Point
    const point: Point = {
      configuration,
      measured: true,
      feasible: 1,
      estimates: { itl: logInterval(value, noise) },
    }
    knowledge = withMeasurements(knowledge, { ...knowledge, points: [point] })
    view = viewOf({ ...question, knowledge }, 0)
    views.push(view)
  }
  return { measured, views }
}

describe('the decision stage', () => {
  it('never chooses what a measurement says to break a hard limit', () => {
    fc.assert(
      fc.property(specs, limit, prices, seed, (list, limitSeconds, book, truth) => {
        for (const view of play(asked(list, limitSeconds, book), truth).views) {
          const chosen = chosenIn(view)
          if (chosen?.measured !== true) continue
          expect(chosen.estimates.itl?.value).toBeLessThanOrEqual(limitSeconds)
        }
      }),
      runs,
    )
  })

  it('measures and chooses the same when every price is scaled', () => {
    const doublings = fc.integer({ min: -6, max: 6 }).map((power) => 2 ** power)
    fc.assert(
      fc.property(specs, limit, prices, seed, doublings, (list, limitSeconds, book, truth, by) => {
        const before = play(asked(list, limitSeconds, book), truth)
        const after = play(asked(list, limitSeconds, scaledBook(book, by)), truth)
        expect(after.measured).toEqual(before.measured)
        expect(after.views.map(chosenIn)).toEqual(before.views.map(chosenIn))
      }),
      runs,
    )
  })

  it('measures and chooses the same when it is played again', () => {
    fc.assert(
      fc.property(specs, limit, prices, seed, (list, limitSeconds, book, truth) => {
        const question = asked(list, limitSeconds, book)
        const [first, second] = [play(question, truth), play(question, truth)]
        expect(second.measured).toEqual(first.measured)
        expect(second.views.map(({ certainty }) => certainty)).toEqual(
          first.views.map(({ certainty }) => certainty),
        )
      }),
      runs,
    )
  })

  it('tells bounds that hold its expectations, and plans that cost what their parts do', () => {
    fc.assert(
      fc.property(specs, limit, prices, (list, limitSeconds, book) => {
        const view = viewOf(asked(list, limitSeconds, book), 0)
        const { expectedLoss, lossAtMost, rivals, probability } = view.certainty
        expect(lossAtMost).toBeGreaterThanOrEqual(expectedLoss)
        expect(lossAtMost).toBeLessThanOrEqual(1)
        const sum = (of: (rival: (typeof rivals)[number]) => number) =>
          rivals.reduce((total, each) => total + of(each), 0)
        expect(sum(({ loss }) => loss)).toBeCloseTo(expectedLoss, 9)
        expect(sum(({ wins }) => wins)).toBeLessThanOrEqual(1 - probability + 1e-9)
        const plan = measureFirst(view)
        const cost = plan.measure.reduce((total, each) => total + each.deviceSeconds, 0)
        expect(plan.deviceSeconds).toBeCloseTo(cost, 9)
        for (const { value } of plan.measure) expect(value).toBeGreaterThan(0)
        expect(plan.leaves).toBeLessThanOrEqual(expectedLoss)
      }),
      runs,
    )
  })
})

describe('contenders', () => {
  it('hold the best of every world whose figures are within reach', () => {
    fc.assert(
      fc.property(specs, limit, prices, (list, limitSeconds, book) => {
        const question = asked(list, limitSeconds, book)
        const kept = new Set(
          contendersOf(estimate(question)).appraisals.map(({ deployment }) => deployment.key),
        )
        const best = recommend(appraise(question))?.best.appraisal.deployment.key
        if (best !== undefined) expect(kept).toContain(best)
      }),
      runs,
    )
  })
})
