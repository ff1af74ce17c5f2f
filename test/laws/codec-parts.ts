import fc from 'fast-check'
import type { Configuration } from '../../shared/domain/configuration.js'
import { agentActivities } from '../../shared/domain/meta-metrics.js'
import { metricNames } from '../../shared/domain/metric.js'

/** What arbitrary messages are made of. Absent keys are absent, as in the domain. */

export const number = fc.double({ noNaN: true })
export const count = fc.nat()
export const text = fc.string({ unit: 'grapheme', maxLength: 20 })
export const big = fc.maxSafeNat()
export const metric = fc.constantFrom(...metricNames)
export const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(item, { maxLength: 4 })
export const record = <T extends object>(required: {
  [K in keyof T]: fc.Arbitrary<T[K]>
}): fc.Arbitrary<T> => fc.record(required).map((value) => ({ ...value }))
/** A record some of whose keys may be absent. */
export const partial = <T extends object>(
  fields: { [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> },
  optional: readonly (keyof T)[],
): fc.Arbitrary<T> => {
  const requiredKeys = (Object.keys(fields) as (keyof T)[]).filter((key) => !optional.includes(key))
  return fc.record(fields, { requiredKeys, noNullPrototype: true })
}

export const scalars = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
  fc.oneof(text, number, fc.boolean()),
  { maxKeys: 4, noNullPrototype: true },
)

export const configuration: fc.Arbitrary<Configuration> = record({
  model: text,
  engine: text,
  engineArgs: scalars,
  hardware: text,
  tensorParallel: count,
  load: number,
  inputTokens: count,
  outputTokens: count,
})

export const activity = fc.constantFrom(...agentActivities)
