import type { DefinitionName } from './definitions.js'
import type { Fields } from './fields.js'
import type { ImportedMetric, Statistic } from './format.js'

const statisticName = /^(?:mean|median|std|p\d{1,2}(?:\.\d{1,3})?)$/

const isStatistic = (text: string): text is Statistic => statisticName.test(text)

/**
 * Figures that are named as vllm bench names them: `median_ttft_ms`, `p99_tpot_ms`.
 *
 * @param suffix `_ms`, or empty where a tool renamed them
 * @param per how many of their unit make a second
 */
export function benchStatistics(
  fields: Fields,
  definitions: Readonly<Record<string, DefinitionName>>,
  suffix: string,
  per: number,
): ImportedMetric[] {
  const byEnding = Object.entries(definitions).map(
    ([metric, definition]) => [`_${metric}${suffix}`, definition] as const,
  )
  return fields.names().flatMap((name) => {
    const found = byEnding.find(([ending]) => name.endsWith(ending))
    if (found === undefined) return []
    const [ending, definition] = found
    const statistic = name.slice(0, -ending.length)
    return isStatistic(statistic) ? fields.metric(name, definition, statistic, per) : []
  })
}
