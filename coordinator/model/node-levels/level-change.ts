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

/** A step after what agents and steps found before explain; how much it can tell. */
interface Step {
  readonly column: Float64Array
  readonly weight: number
}

/** Who measured which configurations more than once, and what of it is explained already. */
class RepeatDesign {
  readonly points: readonly LevelPoint[]
  readonly groups: readonly (readonly number[])[]
  readonly #fitted = new Projection()

  constructor(points: readonly LevelPoint[]) {
    const groups = new Map<number, number[]>()
    this.points = points
    points.forEach(({ index }, row) => {
      const group = groups.get(index)
      if (group === undefined) groups.set(index, [row])
      else group.push(row)
    })
    this.groups = [...groups.values()]
    for (const agent of new Set(points.map((point) => point.agent))) {
      this.#fitted.add(this.#column((point) => point.agent === agent))
    }
  }

  get freedom(): number {
    return this.points.length - this.groups.length - this.#fitted.rank
  }

  /** Less the mean of each configuration. */
  centred(values: Float64Array): Float64Array {
    const result = Float64Array.from(values)
    for (const rows of this.groups) {
      const mean = rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length
      for (const row of rows) result[row] = (values[row] as number) - mean
    }
    return result
  }

  #column(holds: (point: LevelPoint) => boolean): Float64Array {
    return this.centred(Float64Array.from(this.points, (point) => (holds(point) ? 1 : 0)))
  }

  step(candidate: Omit<Candidate, 'mass'>): Step {
    const column = this.#fitted.remainder(this.#column((point) => isSince(candidate, point)))
    return { column, weight: squaresOf(column) }
  }

  /** What of centred values is not explained. */
  left(values: Float64Array): Float64Array {
    return this.#fitted.remainder(values)
  }

  explain(candidate: Omit<Candidate, 'mass'>): void {
    this.#fitted.add(this.#column((point) => isSince(candidate, point)))
  }
}

/** One metric’s values of configurations that were measured more than once. */
class MetricLevels {
  readonly #design: RepeatDesign
  /** Deviations from what configuration and agent explain; pulled in, and as they are. */
  readonly #robust: Float64Array
  readonly #raw: Float64Array
  #left: Float64Array
  #squares: number

  constructor(design: RepeatDesign, metric: number) {
    this.#design = design
    this.#raw = design.centred(
      Float64Array.from(design.points, ({ logs }) => logs[metric] as number),
    )
    this.#robust = design.centred(this.#pulledIn(this.#raw))
    this.#left = design.left(this.#robust)
    this.#squares = squaresOf(this.#left)
  }

  #pulledIn(centred: Float64Array): Float64Array {
    const sizes = this.#design.groups.flatMap((rows) =>
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

  /** The design explains more than before. */
  refresh(): void {
    this.#left = this.#design.left(this.#robust)
    this.#squares = squaresOf(this.#left)
  }

  /** Log of how much better a step explains the values than none; 0 where they cannot tell. */
  evidence({ column, weight }: Step): { log: number; weight: number } {
    const { freedom } = this.#design
    const squares = this.#squares
    if (weight < 1e-6 || freedom < 1 || squares === 0) return { log: 0, weight: 0 }
    const along = dot(column, 0, this.#left, 0, column.length)
    const explained = Math.min(1, along ** 2 / (weight * squares))
    const size = expectedSize * weight
    const log =
      -0.5 * Math.log1p(size) - 0.5 * freedom * Math.log1p((-size / (1 + size)) * explained)
    return { log, weight }
  }

  shift({ column, weight }: Step): Shift | undefined {
    const freedom = this.#design.freedom - 1
    if (weight < 1e-6 || freedom < 1) return undefined
    const left = this.#design.left(this.#raw)
    const log = dot(column, 0, left, 0, left.length) / weight
    const squares = Math.max(0, squaresOf(left) - log * log * weight)
    const spread = Math.max(leastSpread, Math.sqrt(squares / freedom))
    return { log, sd: spread / Math.sqrt(weight), freedom }
  }
}

/** Metrics that the same trials tell of, with what those trials are. */
interface Together {
  readonly design: RepeatDesign
  readonly levels: readonly { readonly metric: number; readonly level: MetricLevels }[]
}

function together(points: readonly LevelPoint[], metrics: number): Together[] {
  const byRows = new Map<string, number[]>()
  for (let metric = 0; metric < metrics; metric += 1) {
    const key = points.map(({ logs }) => (logs[metric] === undefined ? '0' : '1')).join('')
    byRows.set(key, [...(byRows.get(key) ?? []), metric])
  }
  return [...byRows.values()].map((members) => {
    const [first = 0] = members
    const design = new RepeatDesign(points.filter(({ logs }) => logs[first] !== undefined))
    const levels = members.map((metric) => ({ metric, level: new MetricLevels(design, metric) }))
    return { design, levels }
  })
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
  const groups = together(repeated, metrics)
  const changes: FoundChange[] = []
  while (changes.length < mostChanges) {
    const best = likeliest(candidates, groups)
    if (best === undefined) break
    const { agent, after, by } = best
    const shifts = new Array<Shift | undefined>(metrics).fill(undefined)
    for (const { design, levels } of groups) {
      const step = design.step(best)
      for (const { metric, level } of levels) shifts[metric] = level.shift(step)
      design.explain(best)
      for (const { level } of levels) level.refresh()
    }
    changes.push({ ...(agent === undefined ? {} : { agent }), after, by, shifts })
  }
  return changes
}

interface Likely {
  readonly candidate: Candidate
  readonly evidence: number
  /** With its prior. */
  readonly log: number
  readonly weight: number
}

/** While nobody else has measured again since, a step of one agent looks like one of all: it is the agent’s. */
function isLikelier(one: Likely, other: Likely): boolean {
  const isOneForAll = one.candidate.agent === undefined
  const isOtherForAll = other.candidate.agent === undefined
  if (isOneForAll !== isOtherForAll && Math.abs(one.evidence - other.evidence) < 1e-6) {
    return isOtherForAll
  }
  return one.log > other.log
}

/** The best place of a change; undefined while the evidence for any does not suffice. */
function likeliest(
  candidates: readonly Candidate[],
  groups: readonly Together[],
): Candidate | undefined {
  let total = 1
  let best: Likely | undefined
  for (const candidate of candidates) {
    const found = groups.flatMap(({ design, levels }) => {
      const step = design.step(candidate)
      return levels.map(({ level }) => level.evidence(step))
    })
    const evidence = logMeanExp(found.map(({ log }) => log))
    const weight = Math.max(...found.map((each) => each.weight))
    total += candidate.mass * Math.expm1(Math.min(evidence, 700))
    const one = { candidate, evidence, log: evidence + Math.log(candidate.mass), weight }
    if (best === undefined || isLikelier(one, best)) best = one
  }
  if (best === undefined || total < 1 / falseAlarmRate) return undefined
  return best.weight < leastWeight ? undefined : best.candidate
}
