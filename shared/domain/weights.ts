import { compileConstraint } from './constraint.js'
import type { Configuration } from './configuration.js'
import type { SweepFile } from './sweep.js'

/**
 * How much a configuration counts in every accuracy of a sweep: the weight of the first of `weights`
 * whose `where` holds, 1 where none does. Undefined where all count the same.
 *
 * @throws FmworkError CONSTRAINT_INVALID
 */
export function compileWeights({
  weights = [],
  workload,
}: Pick<SweepFile, 'weights' | 'workload'>):
  ((configuration: Configuration) => number) | undefined {
  if (weights.length === 0) return undefined
  const compiled = weights.map(({ where, weight }, place) => ({
    holds: compileConstraint(where, workload, `weights[${place}].where`),
    weight,
  }))
  return (configuration) => compiled.find(({ holds }) => holds(configuration))?.weight ?? 1
}
