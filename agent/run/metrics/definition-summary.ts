import type { Sample } from '../../../shared/domain/sample.js'
import { supportsPercentile } from '../../../shared/stats/early-stopping.js'
import { meanInterval, minimumBatches } from '../../../shared/stats/interval.js'
import { mean, quantile, sorted, standardDeviation } from '../../../shared/stats/quantile.js'
import { definitions } from './definitions.js'
import type { DefinitionName } from './definitions.js'
import { measurementConfidence } from './repetition-estimate.js'

/** One percentile of a population. */
export interface PercentileValue {
  /** 0..100. */
  readonly percentile: number
  readonly value: number
  /** False where MLPerf’s minimum count is not reached: the figure is then one of chance. */
  readonly supported: boolean
}

/** What a definition says of a set of requests, in the definition’s unit. */
export interface DefinitionSummary {
  readonly name: DefinitionName
  readonly unit: string
  readonly text: string
  /** Size of the population. */
  readonly count: number
  readonly mean: number
  /** Of the mean, by batch means; null where there are too few batches to know. */
  readonly interval: {
    readonly low: number
    readonly high: number
    readonly batches: number
  } | null
  readonly confidence: number
  readonly median: number
  /** Null for a population of one. */
  readonly standardDeviation: number | null
  readonly minimum: number
  readonly maximum: number
  readonly percentiles: readonly PercentileValue[]
}

/** Every definition that the samples define, or those named. */
export function summarize(
  samples: readonly Sample[],
  percentiles: readonly number[],
  names: readonly DefinitionName[] = Object.keys(definitions) as DefinitionName[],
): DefinitionSummary[] {
  const batches = independentBatches(samples)
  return names.flatMap((name) => {
    const { unit, text, values } = definitions[name]
    const population = values(samples)
    if (population.length === 0) return []
    const ascending = sorted(population)
    return [
      {
        name,
        unit,
        text,
        count: population.length,
        mean: mean(population),
        interval: intervalOf(mean(population), batches.map(values)),
        confidence: measurementConfidence,
        median: quantile(ascending, 0.5),
        standardDeviation: population.length < 2 ? null : standardDeviation(population),
        minimum: ascending[0] as number,
        maximum: ascending.at(-1) as number,
        percentiles: percentiles.map((percentile) => ({
          percentile,
          value: quantile(ascending, percentile / 100),
          supported: supportsPercentile(population.length, percentile / 100),
        })),
      },
    ]
  })
}

/**
 * Groups of requests that depend on each other little: the repetitions of a static batch, else
 * {@link minimumBatches} runs of consecutive requests. Requests of one group depend on each other a
 * lot (they share steps of the engine), so the spread of single requests would say too little.
 */
function independentBatches(samples: readonly Sample[]): Sample[][] {
  const repetitions = new Map<number, Sample[]>()
  for (const sample of samples) {
    const group = repetitions.get(sample.repetition)
    if (group === undefined) repetitions.set(sample.repetition, [sample])
    else group.push(sample)
  }
  if (repetitions.size > 1) return [...repetitions.values()]
  const ordered = [...samples].sort((a, b) => a.endedAt - b.endedAt)
  const size = ordered.length / minimumBatches
  if (size < 2) return []
  return Array.from({ length: minimumBatches }, (_, batch) =>
    ordered.slice(Math.round(batch * size), Math.round((batch + 1) * size)),
  )
}

function intervalOf(value: number, batches: readonly number[][]): DefinitionSummary['interval'] {
  const means = batches.filter((batch) => batch.length > 0).map(mean)
  const around = meanInterval(means, measurementConfidence)
  if (around === undefined) return null
  const half = (around.high - around.low) / 2
  return { low: value - half, high: value + half, batches: means.length }
}
