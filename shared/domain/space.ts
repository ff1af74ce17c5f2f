import { compileConstraint } from './constraint.js'
import { configurationKey } from './configuration.js'
import type { Configuration, Scalar } from './configuration.js'
import { FmworkError } from './errors.js'
import { engineId, loadAxis } from './sweep.js'
import type { AxisInput, EngineSpec, Sweep } from './sweep.js'

/** Above this many configurations a space is refused. */
export const maxConfigurations = 10_000_000

/**
 * The experiment space: configurations numbered 0 … size-1 in an order that never changes for one
 * sweep. Strategies and surfaces speak of configurations by these numbers.
 */
export interface Space {
  readonly size: number
  /** @throws RangeError for an index outside 0 … size-1. */
  at(index: number): Configuration
  /** The index of an equal configuration, or undefined when it is not in the space. */
  indexOf(configuration: Configuration): number | undefined
}

/** A space from an explicit list, such as a recorded grid’s rows. */
export function spaceOf(configurations: readonly Configuration[]): Space {
  const indexByKey = new Map(
    configurations.map((configuration, index) => [configurationKey(configuration), index]),
  )
  return {
    size: configurations.length,
    at(index) {
      const configuration = configurations[index]
      if (configuration === undefined) throw new RangeError(`no configuration ${index}`)
      return configuration
    },
    indexOf: (configuration) => indexByKey.get(configurationKey(configuration)),
  }
}

/** Every value of an axis, ascending. */
export function axisValues(axis: AxisInput): number[] {
  if (typeof axis === 'number') return [axis]
  if (Array.isArray(axis)) return [...new Set(axis)].sort((a, b) => a - b)
  if ('powers_of_two' in axis) {
    const [low, high] = axis.powers_of_two
    const values: number[] = []
    for (let value = 2 ** Math.ceil(Math.log2(low)); value <= high; value *= 2) values.push(value)
    return values
  }
  const [low, high] = axis.range
  const step = axis.step ?? 1
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, k) => low + k * step)
}

/** Every combination of an engine’s listed arguments. */
function argumentSets(spec: EngineSpec): Record<string, Scalar>[] {
  return Object.entries(spec.args).reduce<Record<string, Scalar>[]>(
    (sets, [name, value]) =>
      (Array.isArray(value) ? value : [value]).flatMap((one) =>
        sets.map((set) => ({ ...set, [name]: one })),
      ),
    [{}],
  )
}

const listOf = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T]

/** The length of an axis without building it, so that a hostile range costs nothing. */
function axisLength(axis: AxisInput): number {
  if (typeof axis === 'number') return 1
  if (Array.isArray(axis)) return new Set(axis).size
  if ('powers_of_two' in axis) return axisValues(axis).length
  return Math.floor((axis.range[1] - axis.range[0]) / (axis.step ?? 1)) + 1
}

/**
 * Spans the space of a sweep.
 *
 * @param hardware classes to span when the sweep names none (those of the connected agents).
 * @throws FmworkError SPACE_EMPTY, SPACE_TOO_LARGE, CONSTRAINT_INVALID, CONSTRAINT_UNSATISFIABLE.
 */
export function spanSpace(sweep: Sweep, hardware: readonly string[] = ['cpu']): Space {
  const load = loadAxis(sweep.workload)
  const axes: Record<string, AxisInput> = {
    [load]: sweep.space[load] ?? 1,
    input_tokens: sweep.space.input_tokens,
    output_tokens: sweep.space.output_tokens,
    tensor_parallel: sweep.space.tensor_parallel,
  }
  const models = listOf(sweep.model)
  const classes = sweep.space.hardware === undefined ? hardware : listOf(sweep.space.hardware)
  const engines = sweep.engines.flatMap((spec) =>
    argumentSets(spec).map((engineArgs) => ({ engine: engineId(spec), engineArgs })),
  )
  const lengths = Object.entries(axes).map(([name, axis]) => [name, axisLength(axis)] as const)
  for (const [name, length] of [
    ...lengths,
    ['hardware', classes.length] as const,
    ['model', models.length] as const,
    ['engines', engines.length] as const,
  ]) {
    if (length > 0) continue
    throw new FmworkError('SPACE_EMPTY', `the experiment space is empty: ${name} has no value`, {
      problems: [{ field: name, expected: 'expected at least one value' }],
    })
  }
  const boxSize =
    lengths.reduce((product, [, length]) => product * length, 1) *
    classes.length *
    models.length *
    engines.length
  if (boxSize > maxConfigurations) {
    throw new FmworkError(
      'SPACE_TOO_LARGE',
      `the axes span ${boxSize.toLocaleString('en')} configurations, above ${maxConfigurations.toLocaleString('en')}`,
      {
        problems: lengths
          .filter(([, length]) => length > 1)
          .map(([name, length]) => ({
            field: `space.${name}`,
            value: `${length.toLocaleString('en')} values`,
            expected: 'coarsen it with step, or list fewer values',
          })),
      },
    )
  }
  const [loads = [], inputs = [], outputs = [], parallels = []] =
    Object.values(axes).map(axisValues)
  const radices = [
    models.length,
    engines.length,
    classes.length,
    parallels.length,
    loads.length,
    inputs.length,
    outputs.length,
  ]
  const inBox = (index: number): Configuration => {
    const digits: number[] = []
    let rest = index
    for (let axis = radices.length - 1; axis >= 0; axis -= 1) {
      const radix = radices[axis] as number
      digits[axis] = rest % radix
      rest = Math.floor(rest / radix)
    }
    const [m, e, h, t, b, i, o] = digits as [number, number, number, number, number, number, number]
    return {
      model: models[m] as string,
      ...(engines[e] as (typeof engines)[number]),
      hardware: classes[h] as string,
      tensorParallel: parallels[t] as number,
      load: loads[b] as number,
      inputTokens: inputs[i] as number,
      outputTokens: outputs[o] as number,
    }
  }
  const boxIndexOf = (configuration: Configuration): number | undefined => {
    const key = configurationKey(configuration)
    const engineIndex = engines.findIndex(
      (engine) => configurationKey({ ...configuration, ...engine }) === key,
    )
    const digits = [
      models.indexOf(configuration.model),
      engineIndex,
      classes.indexOf(configuration.hardware),
      parallels.indexOf(configuration.tensorParallel),
      loads.indexOf(configuration.load),
      inputs.indexOf(configuration.inputTokens),
      outputs.indexOf(configuration.outputTokens),
    ]
    if (digits.some((digit) => digit < 0)) return undefined
    return digits.reduce((index, digit, axis) => index * (radices[axis] as number) + digit, 0)
  }
  if (sweep.space.where === undefined) {
    return {
      size: boxSize,
      at(index) {
        if (!(index >= 0 && index < boxSize)) throw new RangeError(`no configuration ${index}`)
        return inBox(index)
      },
      indexOf: boxIndexOf,
    }
  }
  return constrained(boxSize, inBox, boxIndexOf, sweep.space.where, sweep.workload)
}

function constrained(
  boxSize: number,
  inBox: (index: number) => Configuration,
  boxIndexOf: (configuration: Configuration) => number | undefined,
  where: string,
  workload: Sweep['workload'],
): Space {
  const belongs = compileConstraint(where, workload)
  const kept = new Uint32Array(boxSize)
  let size = 0
  for (let index = 0; index < boxSize; index += 1) {
    if (belongs(inBox(index))) kept[size++] = index
  }
  if (size === 0) {
    throw new FmworkError(
      'CONSTRAINT_UNSATISFIABLE',
      `no configuration of ${boxSize.toLocaleString('en')} satisfies space.where`,
      { problems: [{ field: 'space.where', value: where, expected: 'relax it or widen an axis' }] },
    )
  }
  const indices = kept.slice(0, size)
  return {
    size,
    at(index) {
      const boxIndex = indices[index]
      if (boxIndex === undefined) throw new RangeError(`no configuration ${index}`)
      return inBox(boxIndex)
    },
    indexOf(configuration) {
      const boxIndex = boxIndexOf(configuration)
      if (boxIndex === undefined) return undefined
      let low = 0
      let high = size - 1
      while (low <= high) {
        const middle = (low + high) >> 1
        const value = indices[middle] as number
        if (value === boxIndex) return middle
        if (value < boxIndex) low = middle + 1
        else high = middle - 1
      }
      return undefined
    },
  }
}
