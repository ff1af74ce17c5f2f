import { median } from '../../../shared/stats/quantile.js'
import { dot } from '../cholesky.js'
import { Projection } from '../projection.js'

/**
 * Probability, at most, that a sweep in which nothing changed is told of a change, however often it
 * is looked at: for normal noise the evidence is a martingale that starts at 1, so it ever reaches
 * 1 / 0.01 with that probability (Ville). Values far out are pulled in first, for noise that is not.
 */
export const falseAlarmRate = 0.01
/** Changes that are told at most; each is looked for beside those found before. */
const mostChanges = 4
/** Expected size of a change, as a variance in units of one measurement’s noise. */
const expectedSize = 25
/** What one configuration measured on both sides weighs is 1/2: a change needs two of them. */
const leastWeight = 0.9
/** Spreads beyond which a deviation counts as this many. */
const mostSpreads = 4
/** Relative noise below which no measurement is believed. */
const leastSpread = 1e-3
/** Spread of a normal per median absolute deviation. */
const perMedianDeviation = 1.4826

/** One measured trial. */
export interface LevelPoint {
  readonly index: number
  readonly agent: string
  /** Epoch milliseconds. */
  readonly at: number
  /** Logarithm of the value, by metric; undefined where it has none. */
  readonly logs: readonly (number | undefined)[]
}

/** Size of a step in log units: Student’s t around `log`, of so many degrees of freedom. */
export interface Shift {
  readonly log: number
  readonly sd: number
  readonly freedom: number
}

export interface FoundChange {
  /** Absent: every agent’s level changed. */
  readonly agent?: string
  /** Last measurement that is known to be of the old level, epoch milliseconds. */
  readonly after: number
  /** First one that is known to be of the new level. */
  readonly by: number
  /** By metric; undefined where it has too few values. */
  readonly shifts: readonly (Shift | undefined)[]
}

/** Where a change may have been, as far as configurations measured more than once can tell. */
interface Candidate {
  readonly agent: string | undefined
  readonly after: number
  readonly by: number
  /** Prior probability. */
  readonly mass: number
}

const squaresOf = (values: Float64Array): number => dot(values, 0, values, 0, values.length)

const everyAgent = ''

const byTime = (a: LevelPoint, b: LevelPoint): number =>
  a.at - b.at || a.index - b.index || (a.agent < b.agent ? -1 : a.agent > b.agent ? 1 : 0)

function candidatesOf(sorted: readonly LevelPoint[], telling: ReadonlySet<LevelPoint>) {
  const open = new Map<string, { mass: number; last: number | undefined }>()
  const candidates: Candidate[] = []
  sorted.forEach((point, position) => {
    const rank = position + 1
    // All of them together 1, whatever the number of trials; half for one agent, half for all.
    const mass = 0.5 / (rank * (rank + 1))
    for (const agent of [point.agent, everyAgent]) {
      const gap = open.get(agent) ?? { mass: 0, last: undefined }
      gap.mass += mass
      if (telling.has(point)) {
        if (gap.last !== undefined && gap.last < point.at) {
          const name = agent === everyAgent ? undefined : agent
          candidates.push({ agent: name, after: gap.last, by: point.at, mass: gap.mass })
          gap.mass = 0
        }
        gap.last = point.at
      }
      open.set(agent, gap)
    }
  })
  return candidates
}

const isSince = ({ agent, by }: Omit<Candidate, 'mass'>, point: LevelPoint): boolean =>
  point.at >= by && (agent === undefined || agent === point.agent)

/** One metric’s values of configurations that were measured more than once. */
class MetricLevels {
  readonly #points: readonly LevelPoint[]
  readonly #groups: readonly (readonly number[])[]
  readonly #fitted = new Projection()
  /** Deviations from what configuration and agent explain; pulled in, and as they are. */
  readonly #robust: Float64Array
  readonly #raw: Float64Array

  constructor(points: readonly LevelPoint[], metric: number) {
    const groups = new Map<number, number[]>()
    this.#points = points.filter(({ logs }) => logs[metric] !== undefined)
    this.#points.forEach(({ index }, row) => {
      groups.set(index, [...(groups.get(index) ?? []), row])
    })
    this.#groups = [...groups.values()]
    this.#raw = this.#centred(Float64Array.from(this.#points, ({ logs }) => logs[metric] as number))
    this.#robust = this.#centred(this.#pulledIn(this.#raw))
    for (const agent of new Set(this.#points.map((point) => point.agent))) {
      this.#fitted.add(this.#column((point) => point.agent === agent))
    }
  }

  #centred(values: Float64Array): Float64Array {
    const result = Float64Array.from(values)
    for (const rows of this.#groups) {
      const mean = rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length
      for (const row of rows) result[row] = (values[row] as number) - mean
    }
    return result
  }

  #pulledIn(centred: Float64Array): Float64Array {
    const sizes = this.#groups.flatMap((rows) =>
      rows.length < 2
        ? []
        : rows.map(
            (row) => Math.abs(centred[row] as number) * Math.sqrt(rows.length / (rows.length - 1)),
          ),
    )
    const spread = sizes.length === 0 ? 0 : perMedianDeviation * median(sizes)
    const most = mostSpreads * Math.max(leastSpread, spread)
    return centred.map((value) => Math.max(-most, Math.min(most, value)))
  }

  #column(holds: (point: LevelPoint) => boolean): Float64Array {
    return this.#centred(Float64Array.from(this.#points, (point) => (holds(point) ? 1 : 0)))
  }

  explain(candidate: Omit<Candidate, 'mass'>): void {
    this.#fitted.add(this.#column((point) => isSince(candidate, point)))
  }

  get #freedom(): number {
    return this.#points.length - this.#groups.length - this.#fitted.rank
  }

  /** Log of how much better a change there explains the values than none; 0 where they cannot tell. */
  evidence(candidate: Candidate): { log: number; weight: number } {
    const column = this.#fitted.remainder(this.#column((point) => isSince(candidate, point)))
    const weight = squaresOf(column)
    const freedom = this.#freedom
    const left = this.#fitted.remainder(this.#robust)
    const squares = squaresOf(left)
    if (weight < 1e-6 || freedom < 1 || squares === 0) return { log: 0, weight: 0 }
    const explained = Math.min(1, dot(column, 0, left, 0, left.length) ** 2 / (weight * squares))
    const size = expectedSize * weight
    const log =
      -0.5 * Math.log1p(size) - 0.5 * freedom * Math.log1p((-size / (1 + size)) * explained)
    return { log, weight }
  }

  shift(candidate: Omit<Candidate, 'mass'>): Shift | undefined {
    const column = this.#fitted.remainder(this.#column((point) => isSince(candidate, point)))
    const weight = squaresOf(column)
    const freedom = this.#freedom - 1
    if (weight < 1e-6 || freedom < 1) return undefined
    const left = this.#fitted.remainder(this.#raw)
    const log = dot(column, 0, left, 0, left.length) / weight
    const squares = Math.max(0, squaresOf(left) - log * log * weight)
    const spread = Math.max(leastSpread, Math.sqrt(squares / freedom))
    return { log, sd: spread / Math.sqrt(weight), freedom }
  }
}

function logMeanExp(logs: readonly number[]): number {
  const most = Math.max(...logs)
  const sum = logs.reduce((total, log) => total + Math.exp(log - most), 0)
  return most + Math.log(sum / logs.length)
}

/**
 * Steps in the level of an agent, or of all of them, found in configurations that were measured
 * again: each is compared with itself, agents may differ for good. Needs no estimate of the noise.
 *
 * Evidence is that of Pérez-Ortiz, Lardy, de Heide and Grünwald (E-statistics, group invariance and
 * anytime-valid testing, 2022) for a linear model, averaged over where the change may be and over the
 * metrics.
 *
 * @param points in any order.
 * @param metrics number of metrics in `logs`.
 */
export function findChanges(points: readonly LevelPoint[], metrics: number): FoundChange[] {
  const sorted = [...points].sort(byTime)
  const counts = new Map<number, number>()
  for (const { index } of sorted) counts.set(index, (counts.get(index) ?? 0) + 1)
  const repeated = sorted.filter(({ index }) => (counts.get(index) ?? 0) > 1)
  if (repeated.length === 0 || metrics === 0) return []
  const candidates = candidatesOf(sorted, new Set(repeated))
  const levels = Array.from({ length: metrics }, (_, metric) => new MetricLevels(repeated, metric))
  const changes: FoundChange[] = []
  while (changes.length < mostChanges) {
    const best = likeliest(candidates, levels)
    if (best === undefined) break
    const { agent, after, by } = best
    changes.push({
      ...(agent === undefined ? {} : { agent }),
      after,
      by,
      shifts: levels.map((level) => level.shift(best)),
    })
    for (const level of levels) level.explain(best)
  }
  return changes
}

/** The best place of a change; undefined while the evidence for any does not suffice. */
function likeliest(
  candidates: readonly Candidate[],
  levels: readonly MetricLevels[],
): Candidate | undefined {
  let total = 1
  let best: { candidate: Candidate; log: number; weight: number } | undefined
  for (const candidate of candidates) {
    const found = levels.map((level) => level.evidence(candidate))
    const evidence = logMeanExp(found.map(({ log }) => log))
    const weight = Math.max(...found.map((each) => each.weight))
    total += candidate.mass * Math.expm1(Math.min(evidence, 700))
    const log = evidence + Math.log(candidate.mass)
    if (best === undefined || log > best.log) best = { candidate, log, weight }
  }
  if (best === undefined || total < 1 / falseAlarmRate) return undefined
  return best.weight < leastWeight ? undefined : best.candidate
}
