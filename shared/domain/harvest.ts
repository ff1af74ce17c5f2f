import type { Configuration } from './configuration.js'
import { axisValues } from './space.js'
import type { Space } from './space.js'
import { engineKindOf } from './sweep.js'
import type { EngineKind, Sweep } from './sweep.js'

/**
 * Prefix harvest: one streamed run of n tokens tells what every shorter run of the same static batch
 * would have shown. In a loop it does not: there what else is in flight depends on how long outputs are.
 */

/** Engines that send tokens as they generate them. A recorded one paces them by the whole row. */
const streaming: readonly EngineKind[] = [
  'embedded',
  'openai',
  'simulated',
  'vllm',
  'sglang',
  'llama-server',
  'tgi',
  'trtllm',
]

/** Shorter outputs taken from one run: more would lie between others that are known already. */
export const mostHarvested = 16

type HarvestTerms = Pick<Sweep, 'workload' | 'engines'>

/** Why shorter outputs cannot be taken from longer ones here, in words; undefined where they can. */
export function whyNoHarvest({ workload, engines }: HarvestTerms): string | undefined {
  if (workload.kind !== 'static-batch') {
    return `workload ${workload.kind}: only a static batch contains its shorter ones`
  }
  if (!engines.some(({ kind }) => streaming.includes(kind))) {
    return `needs an engine that streams tokens as it generates them: ${streaming.join(', ')}`
  }
  return undefined
}

/**
 * Output lengths of a sweep that runs may be harvested at, ascending; undefined where nothing is
 * harvested.
 */
export function harvestLengths(
  sweep: HarvestTerms & Pick<Sweep, 'strategy' | 'space'>,
): readonly number[] | undefined {
  if (sweep.strategy.harvest !== true || whyNoHarvest(sweep) !== undefined) return undefined
  const lengths = axisValues(sweep.space.output_tokens)
  return lengths.length > 1 ? lengths : undefined
}

/** A configuration’s engine sends tokens as it generates them. */
export function streams({ engine }: Configuration): boolean {
  const kind = engineKindOf(engine)
  return streaming.some((each) => each === kind)
}

export interface Shorter {
  readonly index: number
  readonly outputTokens: number
}

/**
 * Configurations of the space that differ from this one in a shorter output alone, ascending; of many
 * the shortest, the longest and others evenly between them.
 *
 * @param lengths output lengths of the space, ascending.
 */
export function shorterOutputs(
  space: Space,
  lengths: readonly number[],
  configuration: Configuration,
): Shorter[] {
  const shorter = lengths.filter((length) => length < configuration.outputTokens)
  return evenly(shorter, mostHarvested).flatMap((outputTokens) => {
    const index = space.indexOf({ ...configuration, outputTokens })
    return index === undefined ? [] : [{ index, outputTokens }]
  })
}

/** At most `most` of the values: the first, the last, and others evenly between them. */
export function evenly<T>(values: readonly T[], most: number): T[] {
  if (values.length <= most) return [...values]
  const step = (values.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, k) => values[Math.round(k * step)] as T)
}
