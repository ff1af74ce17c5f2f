import type { Configuration } from '../../../../../shared/domain/configuration.js'
import type { Knowledge, Point } from '../../../../../coordinator/decision/point.js'
import { logInterval } from '../../../../../coordinator/decision/point.js'

export const configurationOf = (given: Partial<Configuration> = {}): Configuration => ({
  model: 'm',
  engine: 'sim',
  engineArgs: {},
  hardware: 'H100',
  tensorParallel: 1,
  load: 1,
  inputTokens: 128,
  outputTokens: 100,
  ...given,
})

export interface PointSpec extends Partial<Configuration> {
  readonly itl?: number
  readonly rate?: number
  readonly power?: number
  /** Log standard deviation of every figure. */
  readonly sd?: number
  readonly measured?: boolean
  readonly feasible?: number
  readonly percentiles?: Point['percentiles']
}

/** A point whose figures are as given, each as uncertain as `sd` says. */
export function pointOf(spec: PointSpec): Point {
  const { itl, rate, power, sd = 0, measured = true, feasible = 1, percentiles, ...rest } = spec
  const figure = (value: number | undefined) =>
    value === undefined ? undefined : logInterval(value, sd)
  const figures = { itl: figure(itl), output_throughput: figure(rate), power: figure(power) }
  return {
    configuration: configurationOf(rest),
    measured,
    feasible,
    estimates: Object.fromEntries(
      Object.entries(figures).filter(([, found]) => found !== undefined),
    ),
    ...(percentiles === undefined ? {} : { percentiles }),
  }
}

export function knowledgeOf(specs: readonly PointSpec[], seed = 1): Knowledge {
  const points = specs.map(pointOf)
  const names = new Set(points.flatMap(({ estimates }) => Object.keys(estimates)))
  return {
    name: 'test',
    points,
    loadAxis: 'batch_size',
    metrics: (['itl', 'output_throughput', 'power'] as const).filter((name) => names.has(name)),
    trialCost: () => 10,
    seed,
  }
}
