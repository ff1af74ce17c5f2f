import { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import type { PastRow } from '../../../shared/domain/past.js'
import { spaceOf } from '../../../shared/domain/space.js'
import type { Space } from '../../../shared/domain/space.js'
import { createRandom } from '../../../shared/stats/random.js'
import { shorterLookup } from '../../model/harvest/shorter-outputs.js'
import type { Surface, SurfaceOptions } from '../../model/surface.js'
import type {
  Asker,
  Observation,
  Strategy,
  StrategyContext,
  Suggestion,
} from '../../plan/strategy.js'
import type { Grid } from './grid.js'

/** A strategy with the surface that it is judged by. */
export interface Contestant {
  readonly name: string
  readonly strategy: (context: StrategyContext) => Strategy
  readonly surface: (options: SurfaceOptions) => Surface
  /** What a campaign of a seed knows of other sweeps before it begins; nothing when absent. */
  readonly past?: (seed: number) => readonly PastRow[]
}

/** Agents as they are in the field: they differ, and change while they measure. */
export interface Fleet {
  /** Factor on the times that an agent measures when this share of the full grid’s cost is spent. */
  readonly level: (agent: number, share: number) => number
  /** Seconds of wall time in which one recorded second passes: anchors come by the hour. */
  readonly pace: number
}

export interface ReplayOptions {
  readonly seed: number
  /** Agents that measure at the same time. */
  readonly agents: number
  readonly auditShare: number
  /** Accuracy that the surface aims at. */
  readonly goal: number
  /** Rows of shorter outputs stand for what a longer run would have told of them: an assumption. */
  readonly harvest?: boolean
  /** Share of the cost that anchors may take; none when absent. */
  readonly anchorShare?: number
  /** All agents alike for ever when absent. */
  readonly fleet?: Fleet
}

/** A replay after one more result. */
export interface ReplayState {
  readonly space: Space
  readonly surface: Surface
  /** Device-seconds charged, this result’s included. */
  readonly spent: number
  /** Distinct rows measured. */
  readonly measured: ReadonlySet<number>
}

interface Running extends Suggestion {
  readonly agent: number
  readonly ends: number
}

/** A measurement of a row: recorded value with fresh noise that depends on seed, row and repeat only. */
export function measurementOf(
  grid: Grid,
  row: number,
  repeat: number,
  seed: number,
): Observation['values'] {
  const random = createRandom(seed).fork(`row ${row} repeat ${repeat}`)
  return Object.fromEntries(
    grid.metrics.map((metric) => {
      const recorded = (grid.truth[metric] as Float64Array)[row] as number
      const relativeSd = grid.noise[metric] ?? 0
      return [metric, { value: recorded * Math.exp(relativeSd * random.normal()), relativeSd }]
    }),
  )
}

/** What an agent measures whose times are so many times the mean. */
function atLevel(values: Observation['values'], level: number): Observation['values'] {
  if (level === 1) return values
  return Object.fromEntries(
    Object.entries(values).map(([metric, told]) => {
      const isRate = metricTable[metric as MetricName].family === 'rate'
      return [metric, { ...told, value: isRate ? told.value / level : told.value * level }]
    }),
  )
}

/** Shorter outputs of every row that the grid has, where a static batch was recorded. */
function shorterRows(grid: Grid, space: Space): (index: number) => readonly number[] {
  const lengths = [...new Set(grid.configurations.map(({ outputTokens }) => outputTokens))]
  return shorterLookup(
    space,
    lengths.sort((a, b) => a - b),
    () => grid.workload.kind === 'static-batch',
  )
}

/** Relative difference of two times to the first token beyond which a batch did not run as one. */
const sameStart = 0.05

/**
 * What a run of a row would have told of shorter ones. A recorded grid does not say, so their own rows
 * stand for it, with the noise of this run; where the time to the first token depends on the output, a
 * batch ran in waves, and an agent would have told of nothing.
 */
function harvestOf(
  grid: Grid,
  row: number,
  values: Observation['values'],
  shorter: readonly number[],
): NonNullable<Observation['harvest']> {
  const recorded = (metric: MetricName, at: number) =>
    (grid.truth[metric] as Float64Array)[at] as number
  const startsAlike = (at: number): boolean =>
    !grid.metrics.includes('ttft') ||
    Math.abs(recorded('ttft', at) / recorded('ttft', row) - 1) <= sameStart
  return shorter.filter(startsAlike).map((index) => ({
    index,
    values: Object.fromEntries(
      grid.metrics.flatMap((metric) => {
        const told = values[metric]
        if (told === undefined) return []
        const noise = told.value / recorded(metric, row)
        return [[metric, { ...told, value: recorded(metric, index) * noise }]]
      }),
    ),
  }))
}

/**
 * Plays a strategy against a recorded grid on an event clock: agents take configurations as they
 * become free, results arrive when their seconds are over.
 *
 * Yields before every result, so that whoever watches can look at the state that the cost so far
 * has bought; `next` is what the coming result will cost.
 */
export function* replay(
  grid: Grid,
  contestant: Contestant,
  options: ReplayOptions,
): Generator<{ readonly state: ReplayState; readonly next: number }, ReplayState> {
  const space = spaceOf(grid.configurations)
  const shorterOf = options.harvest === true ? shorterRows(grid, space) : undefined
  const surface = contestant.surface({
    ...(shorterOf === undefined ? {} : { shorterOf }),
    space,
    workload: grid.workload,
    metrics: grid.metrics,
    seed: options.seed,
    tolerance: 1 - options.goal,
    confidence: 0.9,
    repetitions: 1,
    warmups: 0,
    past: contestant.past?.(options.seed) ?? [],
  })
  const strategy = contestant.strategy({
    space,
    surface,
    seed: options.seed,
    auditShare: options.auditShare,
    workload: grid.workload,
    ...(options.anchorShare === undefined ? {} : { anchorShare: options.anchorShare }),
  })
  const total = grid.cost.reduce((sum, cost) => sum + cost, 0)
  const wall = (): number => Math.round(clock * 1000 * (options.fleet?.pace ?? 1))
  const measured = new Set<number>()
  const repeats = new Map<number, number>()
  const running: Running[] = []
  let clock = 0
  let spent = 0
  const state = (): ReplayState => ({ space, surface, spent, measured })
  for (;;) {
    for (let agent = 0; agent < options.agents; agent += 1) {
      if (running.some((each) => each.agent === agent)) continue
      const asker: Asker = { agent: `agent-${agent}`, canRun: () => true, at: wall() }
      const [suggestion] = strategy.ask(asker, 1)
      if (suggestion === undefined) continue
      surface.tellPending(suggestion.index, suggestion.purpose)
      strategy.tellPending(suggestion.index, suggestion.purpose)
      const { tensorParallel } = space.at(suggestion.index)
      const seconds = (grid.cost[suggestion.index] as number) / tensorParallel
      running.push({ ...suggestion, agent, ends: clock + seconds })
    }
    const first = running.reduce<Running | undefined>(
      (soonest, each) => (soonest === undefined || each.ends < soonest.ends ? each : soonest),
      undefined,
    )
    if (first === undefined) return state()
    const cost = grid.cost[first.index] as number
    yield { state: state(), next: cost }
    running.splice(running.indexOf(first), 1)
    clock = first.ends
    spent += cost
    const repeat = repeats.get(first.index) ?? 0
    repeats.set(first.index, repeat + 1)
    measured.add(first.index)
    const level = options.fleet?.level(first.agent, spent / total) ?? 1
    const values = atLevel(measurementOf(grid, first.index, repeat, options.seed), level)
    const harvest =
      shorterOf === undefined ? [] : harvestOf(grid, first.index, values, shorterOf(first.index))
    const observation: Observation = {
      index: first.index,
      outcome: 'measured',
      values,
      ...(harvest.length === 0 ? {} : { harvest }),
      cost,
      purpose: first.purpose,
      agent: `agent-${first.agent}`,
      at: wall(),
    }
    surface.tell(observation)
    strategy.tell(observation)
  }
}
