import { Environment } from '@marcbachmann/cel-js'
import type { Configuration } from './configuration.js'
import { FmworkError } from './errors.js'
import { loadAxis } from './sweep.js'
import type { Workload } from './sweep.js'

/** Says whether a configuration belongs to the space. */
export type Constraint = (configuration: Configuration) => boolean

/**
 * Compiles `space.where` or another condition, a CEL expression over the axes: the load axis by its name, input_tokens,
 * output_tokens, tensor_parallel (int; request_rate is a double), hardware, engine, model (string)
 * and args (map).
 *
 * @throws FmworkError CONSTRAINT_INVALID for a syntax error, an unknown name or a result that is
 *   not a boolean.
 */
export function compileConstraint(
  expression: string,
  workload: Workload,
  field = 'space.where',
): Constraint {
  const load = loadAxis(workload)
  const environment = new Environment({ homogeneousAggregateLiterals: false })
    .registerVariable(load, load === 'request_rate' ? 'double' : 'int')
    .registerVariable('input_tokens', 'int')
    .registerVariable('output_tokens', 'int')
    .registerVariable('tensor_parallel', 'int')
    .registerVariable('hardware', 'string')
    .registerVariable('engine', 'string')
    .registerVariable('model', 'string')
    .registerVariable('args', 'map')
  const invalid = (reason: string, cause?: unknown) =>
    new FmworkError('CONSTRAINT_INVALID', `${field} ${JSON.stringify(expression)}: ${reason}`, {
      cause,
    })
  const firstLine = (error: unknown) =>
    (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
  let program: ReturnType<typeof environment.parse>
  try {
    program = environment.parse(expression)
    const checked = program.check()
    if (!checked.valid) throw checked.error ?? new Error('does not type-check')
    if (checked.type !== 'bool' && checked.type !== 'dyn') {
      throw new Error(`has type ${checked.type ?? 'unknown'}, expected bool`)
    }
  } catch (error) {
    throw invalid(firstLine(error), error)
  }
  return (configuration) => {
    let result: unknown
    try {
      result = program({
        [load]: load === 'request_rate' ? configuration.load : BigInt(configuration.load),
        input_tokens: BigInt(configuration.inputTokens),
        output_tokens: BigInt(configuration.outputTokens),
        tensor_parallel: BigInt(configuration.tensorParallel),
        hardware: configuration.hardware,
        engine: configuration.engine,
        model: configuration.model,
        args: configuration.engineArgs,
      })
    } catch (error) {
      throw invalid(firstLine(error), error)
    }
    if (typeof result !== 'boolean') throw invalid('the result is not a boolean')
    return result
  }
}
